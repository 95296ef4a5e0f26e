// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/pin_model.h"

#include <QJsonObject>
#include <algorithm>
#include <cmath>

#include "ui/scenes/height_scale.h"

namespace ui {
namespace {

using analysis::PlanePoint;

const std::pair<const char*, double PlanePoint::*> kNumbers[] = {{"loss", &PlanePoint::trainLoss},         {"accuracy", &PlanePoint::trainAccuracy}, {"test_loss", &PlanePoint::testLoss},
                                                                 {"test_accuracy", &PlanePoint::testAccuracy}, {"above_centre", &PlanePoint::aboveCentre},
                                                                 {"gradient_norm", &PlanePoint::gradientNorm}};

QString originWord(Pin::Origin origin) { return origin == Pin::Origin::computed ? QStringLiteral("computed") : origin == Pin::Origin::failed ? QStringLiteral("failed") : QStringLiteral("interpolated"); }

QString full(double value) { return std::isfinite(value) ? QString::number(value, 'g', 17) : std::isnan(value) ? QString() : value > 0 ? QStringLiteral("inf") : QStringLiteral("-inf"); }

QString quoted(QString text) { return QLatin1Char('"') + text.replace(QLatin1Char('"'), QStringLiteral("\"\"")) + QLatin1Char('"'); }

}  // namespace

QString originText(const Pin& pin) {
  if (pin.origin == Pin::Origin::computed) return QStringLiteral("computed");
  return pin.origin == Pin::Origin::failed ? QStringLiteral("interpolated: ") + pin.failure : QStringLiteral("interpolated, being computed");
}

QString nextLabel(const std::vector<Pin>& pins) {
  for (int i = 0;; ++i) {
    QString label(QChar('A' + i % 26));
    if (i >= 26) label.prepend(QChar('A' + (i / 26 - 1) % 26));
    if (std::ranges::find(pins, label, &Pin::label) == pins.end()) return label;
  }
}

QString pinsCsv(const std::vector<Pin>& pins, const std::function<QString(const std::string&)>& runName) {
  QString text = QStringLiteral("label,run,x,y,loss,accuracy,test_loss,test_accuracy,delta_to_centre,gradient_norm,samples,test_samples,origin,surface\n");
  for (const Pin& pin : pins) {
    QStringList row{quoted(pin.label), quoted(runName(pin.run)), full(pin.x), full(pin.y)};
    for (const auto& [name, member] : kNumbers) row << full(pin.point.*member);
    row << QString::number(pin.point.samples) << QString::number(pin.point.testSamples) << (pin.origin == Pin::Origin::computed ? QStringLiteral("computed") : QStringLiteral("interpolated"))
        << quoted(QString::fromStdString(pin.plane));
    text += row.join(QLatin1Char(',')) + QLatin1Char('\n');
  }
  return text;
}

QJsonArray pinsToJson(const std::vector<Pin>& pins) {
  QJsonArray array;
  for (const Pin& pin : pins) {
    QJsonObject j{{QStringLiteral("label"), pin.label}, {QStringLiteral("run"), QString::fromStdString(pin.run)}, {QStringLiteral("surface"), QString::fromStdString(pin.plane)},
                  {QStringLiteral("x"), pin.x}, {QStringLiteral("y"), pin.y}, {QStringLiteral("samples"), double(pin.point.samples)},
                  {QStringLiteral("test_samples"), double(pin.point.testSamples)}, {QStringLiteral("origin"), originWord(pin.origin)}, {QStringLiteral("failure"), pin.failure}};
    for (const auto& [name, member] : kNumbers)
      if (std::isfinite(pin.point.*member)) j[QLatin1String(name)] = pin.point.*member;
    array.append(j);
  }
  return array;
}

std::vector<Pin> pinsFromJson(const QJsonArray& array) {
  std::vector<Pin> pins;
  for (const QJsonValue& value : array) {
    const QJsonObject j = value.toObject();
    Pin pin{.label = j[QStringLiteral("label")].toString(), .run = j[QStringLiteral("run")].toString().toStdString(), .plane = j[QStringLiteral("surface")].toString().toStdString(),
            .x = j[QStringLiteral("x")].toDouble(), .y = j[QStringLiteral("y")].toDouble(), .point = {}};
    if (pin.label.isEmpty() || pin.run.empty() || std::ranges::find(pins, pin.label, &Pin::label) != pins.end()) continue;
    for (const auto& [name, member] : kNumbers) pin.point.*member = j.contains(QLatin1String(name)) ? j[QLatin1String(name)].toDouble() : analysis::kUnknown;
    pin.point.samples = j[QStringLiteral("samples")].toInteger(), pin.point.testSamples = j[QStringLiteral("test_samples")].toInteger();
    // One that was being computed when the session was left says that it was not.
    const bool computed = j[QStringLiteral("origin")].toString() == QStringLiteral("computed");
    pin.origin = computed ? Pin::Origin::computed : Pin::Origin::failed;
    if (!computed) pin.failure = j[QStringLiteral("failure")].toString(QStringLiteral("the session was left before"));
    if (!computed && pin.failure.isEmpty()) pin.failure = QStringLiteral("the session was left before");
    pins.push_back(std::move(pin));
  }
  return pins;
}

std::int64_t PinModel::add(Pin pin) {
  const std::int64_t id = pin.id = ++lastId_;
  const int row = rowCount();
  beginInsertRows({}, row, row);
  pins_.push_back(std::move(pin));
  endInsertRows();
  emit pinsChanged();
  return id;
}

void PinModel::setPins(std::vector<Pin> pins) {
  beginResetModel();
  pins_ = std::move(pins);
  for (Pin& pin : pins_) pin.id = ++lastId_;
  endResetModel();
  emit pinsChanged();
}

void PinModel::answer(std::int64_t id, const PlanePoint& point, const QString& failure) {
  const auto found = std::ranges::find(pins_, id, &Pin::id);
  if (found == pins_.end()) return;
  found->origin = failure.isEmpty() ? Pin::Origin::computed : Pin::Origin::failed;
  found->failure = failure;
  if (failure.isEmpty()) found->point = point;
  const int row = static_cast<int>(found - pins_.begin());
  emit dataChanged(index(row, 0), index(row, columnCount_ - 1));
  emit pinsChanged();
}

void PinModel::remove(const std::vector<int>& rows) {
  std::vector<int> sorted = rows;
  std::ranges::sort(sorted, std::greater<>());
  for (const int row : sorted) {
    if (row < 0 || row >= rowCount()) continue;
    beginRemoveRows({}, row, row);
    pins_.erase(pins_.begin() + row);
    endRemoveRows();
  }
  if (!sorted.empty()) emit pinsChanged();
}

int PinModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(pins_.size()); }
int PinModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : columnCount_; }

QString PinModel::textOf(const Pin& pin, int column) const {
  const auto number = [](double v, int digits) { return std::isnan(v) ? QStringLiteral("\u2013") : QString::fromStdString(numberText(v, digits)); };
  const PlanePoint& p = pin.point;
  switch (column) {
    case label: return pin.label;
    case run: return runName(pin.run);
    case x: return number(pin.x, 4);
    case y: return number(pin.y, 4);
    case loss: return number(p.trainLoss, 6);
    case accuracy: return std::isnan(p.trainAccuracy) ? QStringLiteral("\u2013") : QString::number(100 * p.trainAccuracy, 'f', 2);
    case aboveCentre: return (p.aboveCentre > 0 ? QStringLiteral("+") : QString()) + number(p.aboveCentre, 6);
    case gradientNorm: return number(p.gradientNorm, 4);
    case testLoss: return number(p.testLoss, 6);
    case samples: return QString::number(p.samples);
    default: return pin.origin == Pin::Origin::computed ? QStringLiteral("\u25CF") : QStringLiteral("\u25CB");
  }
}

QVariant PinModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const Pin& pin = pins_[static_cast<std::size_t>(index.row())];
  switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole: return textOf(pin, index.column());
    case Qt::DecorationRole: return index.column() == run && runLabel_ ? QVariant(runLabel_(pin.run).second) : QVariant();
    case Qt::TextAlignmentRole: return QVariant(index.column() <= run ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignRight | Qt::AlignVCenter);
    case Qt::ToolTipRole: return QStringLiteral("%1 on %2, %3 samples: %4").arg(pin.label, runName(pin.run)).arg(pin.point.samples).arg(originText(pin));
    default: return {};
  }
}

QVariant PinModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= columnCount_) return {};
  static const char* const names[] = {"Pin", "Run", "x", "y", "Loss", "Acc. %", "\u0394 centre", "\u2016g\u2016", "Test loss", "N", ""};
  static const char* const tips[] = {"Name of the point; double click or F2 renames it", "Run", "Coordinate along the first direction", "Coordinate along the second direction",
                                     "Mean loss L on the N samples", "Share of the samples classified correctly", "Loss minus the loss at (0, 0) on the same samples",
                                     "Norm of the gradient of the loss on the N samples, of the whole parameter vector", "Mean loss on the test set", "Samples the loss is the mean of",
                                     "\u25CF computed here, \u25CB interpolated between grid points"};
  if (role == Qt::DisplayRole) return QString::fromUtf8(names[section]);
  if (role == Qt::ToolTipRole) return QString::fromUtf8(tips[section]);
  if (role == Qt::TextAlignmentRole) return QVariant((section <= run ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  return {};
}

Qt::ItemFlags PinModel::flags(const QModelIndex& index) const { return QAbstractTableModel::flags(index) | (index.column() == label ? Qt::ItemIsEditable : Qt::NoItemFlags); }

bool PinModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  const QString name = value.toString().trimmed();
  if (role != Qt::EditRole || index.column() != label || name.isEmpty() || std::ranges::find(pins_, name, &Pin::label) != pins_.end()) return false;
  pins_[static_cast<std::size_t>(index.row())].label = name;
  emit dataChanged(index, index);
  emit pinsChanged();
  return true;
}

}  // namespace ui
