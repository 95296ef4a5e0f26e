// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/pin_card.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QKeyEvent>
#include <QTableView>
#include <QVBoxLayout>

#include "ui/models/pin_model.h"
#include "ui/pages/measure_fields.h"

namespace ui {

PinCard::PinCard(PinModel* model, QWidget* parent) : QWidget(parent), model_(model), table_(new QTableView) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  table_->setModel(model_);
  table_->setObjectName(QStringLiteral("pins"));
  table_->setAccessibleName(QStringLiteral("Pinned points"));
  table_->setFrameShape(QFrame::NoFrame);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setShowGrid(false);
  table_->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(24);
  table_->setIconSize({28, 16});
  table_->horizontalHeader()->setMinimumSectionSize(20);
  table_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  table_->setContextMenuPolicy(Qt::ActionsContextMenu);
  table_->installEventFilter(this);
  const auto add = [&](const QString& text, const auto& slot) { connect(table_->addAction(text), &QAction::triggered, this, slot); };
  add(QStringLiteral("Rename (F2)"), [this] { table_->edit(model_->index(table_->currentIndex().row(), PinModel::label)); });
  add(QStringLiteral("Copy (Ctrl+C)"), [this] { copy(); });
  add(QStringLiteral("Export as CSV\u2026"), [this] { emit exportRequested(); });
  add(QStringLiteral("Remove (Delete)"), [this] { model_->remove(chosenRows()); });
  add(QStringLiteral("Remove all"), [this] { model_->setPins({}); });
  column->addWidget(table_);
  connect(model_, &PinModel::pinsChanged, this, [this] { setVisible(!model_->pins().empty()); });
  setVisible(!model_->pins().empty());
}

std::vector<int> PinCard::chosenRows() const {
  std::vector<int> rows;
  for (const QModelIndex& index : table_->selectionModel()->selectedRows()) rows.push_back(index.row());
  return rows;
}

QString PinCard::copied() const {
  std::vector<int> rows = chosenRows();
  if (rows.empty())
    for (int r = 0; r < model_->rowCount(); ++r) rows.push_back(r);
  std::vector<Pin> pins;
  for (const int row : rows) pins.push_back(model_->pins()[static_cast<std::size_t>(row)]);
  // Tabs between columns: no field holds one, and names with commas stay whole.
  QString out;
  for (const Pin& pin : pins) {
    const auto full = [](double v) { return QString::number(v, 'g', 17); };
    out += QStringList{pin.label, model_->runName(pin.run), full(pin.x), full(pin.y), full(pin.point.trainLoss), full(pin.point.trainAccuracy), full(pin.point.aboveCentre),
                       full(pin.point.gradientNorm), full(pin.point.testLoss), full(pin.point.testAccuracy), QString::number(pin.point.samples), originText(pin)}
               .join(QLatin1Char('\t')) + QLatin1Char('\n');
  }
  return QStringLiteral("label\trun\tx\ty\tloss\taccuracy\tdelta to centre\tgradient norm\ttest loss\ttest accuracy\tsamples\torigin\n") + out;
}

void PinCard::copy() const { QApplication::clipboard()->setText(copied()); }

bool PinCard::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::KeyPress) {
    auto* key = static_cast<QKeyEvent*>(event);
    if (key->matches(QKeySequence::Copy)) return copy(), true;
    if (key->key() == Qt::Key_Delete) return model_->remove(chosenRows()), true;
  }
  return QWidget::eventFilter(watched, event);
}

}  // namespace ui
