// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QIcon>
#include <QJsonArray>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/surface/plane_session.h"

namespace ui {

/// A point of a run's plane that was clicked.
struct Pin {
  enum class Origin { interpolated, computed, failed };
  QString label;      ///< "A", or what the user calls it
  std::string run;    ///< folder
  std::string plane;  ///< the command of the surface it lies on
  double x = 0, y = 0;
  analysis::PlanePoint point;  ///< interpolated: losses, accuracies and delta alone
  Origin origin = Origin::interpolated;
  QString failure = {};
  std::int64_t id = 0;         ///< of its row while the window is open; a label may change
};

QString originText(const Pin& pin);  ///< "computed", "interpolated, being computed", "interpolated: why it could not be computed"

/// A, B, ..., Z, AA: the first that no pin has.
QString nextLabel(const std::vector<Pin>& pins);

/// Every number in full; the first line names the columns.
QString pinsCsv(const std::vector<Pin>& pins, const std::function<QString(const std::string&)>& runName);

QJsonArray pinsToJson(const std::vector<Pin>& pins);
std::vector<Pin> pinsFromJson(const QJsonArray& array);  ///< what is no pin is left out

/// The pinned table.
class PinModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { label, run, x, y, loss, accuracy, aboveCentre, gradientNorm, testLoss, samples, origin, columnCount_ };
  using QAbstractTableModel::QAbstractTableModel;

  void setRunLabel(std::function<std::pair<QString, QIcon>(const std::string&)> nameOf) { runLabel_ = std::move(nameOf); }
  QString runName(const std::string& folder) const { return runLabel_ ? runLabel_(folder).first : QString::fromStdString(folder); }
  const std::vector<Pin>& pins() const { return pins_; }
  std::int64_t add(Pin pin);  ///< its id
  void setPins(std::vector<Pin> pins);
  /// The computed values of a pin; nothing where it was removed meanwhile.
  void answer(std::int64_t id, const analysis::PlanePoint& point, const QString& failure);
  void remove(const std::vector<int>& rows);

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;  ///< another label; refused where it is empty or taken

 signals:
  void pinsChanged();

 private:
  QString textOf(const Pin& pin, int column) const;
  std::vector<Pin> pins_;
  std::int64_t lastId_ = 0;
  std::function<std::pair<QString, QIcon>(const std::string&)> runLabel_;
};

}  // namespace ui
