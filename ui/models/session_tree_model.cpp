// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/session_tree_model.h"

#include <QMimeData>
#include <QTimer>
#include <algorithm>

#include "ui/pages/measure_fields.h"
#include "ui/pages/train_curves.h"
#include "ui/scenes/height_scale.h"
#include "ui/workspace/run_group.h"

namespace ui {
namespace {

constexpr std::size_t kCheckpointsShown = 2;
const QString kMimeType = QStringLiteral("application/x-sharpscape-run");

QString figureOf(const SessionRun& run) {
  if (run.state == RunState::training && run.totalSteps > 0) return QStringLiteral("%1 %").arg(100 * run.record.steps / run.totalSteps);
  if (run.state == RunState::missing) return stateText(run.state);
  if (const auto lambda = lastLambdaMax(run)) return QString::fromStdString(numberText(*lambda, 4));
  return stateText(run.state);
}

QString iconOf(const QString& kind) {
  if (kind == QStringLiteral("surface")) return QStringLiteral("landscape");
  if (kind == QStringLiteral("slice")) return QStringLiteral("train");
  if (kind == QStringLiteral("spectrum")) return QStringLiteral("curvature");
  if (kind == QStringLiteral("check")) return QStringLiteral("check");
  if (kind == QStringLiteral("invariance")) return QStringLiteral("layers");
  return QStringLiteral("probe");
}

QString accuracyAt(const SessionRun& run, std::int64_t step) {
  const auto found = std::ranges::find(run.record.evaluations, step, &trainer::EvaluationRecord::step);
  if (found == run.record.evaluations.end() || std::isnan(found->testAccuracy)) return {};
  return QStringLiteral("%1 %").arg(100 * found->testAccuracy, 0, 'f', 2);
}

QString toolTipOf(const SessionRun& run) {
  QString text = QString::fromStdString(run.folder);
  if (!run.message.isEmpty()) text += QStringLiteral("\n%1").arg(run.message);
  return text;
}

/// Whether two lists of rows, with all below them, say the same.
bool sameRows(const QStandardItem* parent, const QList<QList<QStandardItem*>>& rows) {
  if (parent->rowCount() != rows.size()) return false;
  for (int i = 0; i < rows.size(); ++i) {
    for (int c = 0; c < rows[i].size(); ++c)
      if (parent->child(i, c)->text() != rows[i][c]->text() || parent->child(i, c)->font() != rows[i][c]->font()) return false;
    QList<QList<QStandardItem*>> below;
    for (int j = 0; j < rows[i][0]->rowCount(); ++j) below << QList<QStandardItem*>{rows[i][0]->child(j, 0), rows[i][0]->child(j, 1), rows[i][0]->child(j, 2)};
    if (!sameRows(parent->child(i, 0), below)) return false;
  }
  return true;
}

}  // namespace

SessionTreeModel::SessionTreeModel(Session& session, const RunLooks& looks, const Theme& theme, QObject* parent)
    : QStandardItemModel(0, columnCount_, parent), session_(session), looks_(looks), theme_(theme) {
  setHorizontalHeaderLabels({QStringLiteral("Run"), QStringLiteral("\u03BBmax"), QString()});
  headerData(0, Qt::Horizontal);
  horizontalHeaderItem(figure)->setToolTip(QStringLiteral("Largest eigenvalue of the Hessian as last measured; before that, how far the training is"));
  horizontalHeaderItem(figure)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
  horizontalHeaderItem(eye)->setToolTip(QStringLiteral("Shown in every view, or hidden"));
  connect(&session_, &Session::listChanged, this, &SessionTreeModel::rebuild);
  connect(&session_, &Session::runChanged, this, &SessionTreeModel::refreshRun);
  connect(&session_, &Session::baselineChanged, this, &SessionTreeModel::rebuild);
  connect(&theme_, &Theme::changed, this, &SessionTreeModel::rebuild);
  rebuild();
}

QIcon SessionTreeModel::icon(const QString& words) const { return theme_.icon(words, theme_.tokens().second); }

QList<QStandardItem*> SessionTreeModel::makeRow(Node node, const QString& text, const std::string& folder, const QString& key) const {
  QList<QStandardItem*> row{new QStandardItem(text), new QStandardItem, new QStandardItem};
  for (QStandardItem* item : row) {
    item->setData(node, nodeRole);
    item->setData(QString::fromStdString(folder), folderRole);
    item->setData(key, keyRole);
    item->setEditable(false);
    item->setDragEnabled(false);
    item->setDropEnabled(false);
  }
  row[figure]->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
  return row;
}

QList<QStandardItem*> SessionTreeModel::makeRun(const SessionRun& r) const {
  auto row = makeRow(run, r.name, r.folder, QStringLiteral("run ") + QString::fromStdString(r.folder));
  row[name]->setEditable(true);
  row[name]->setDragEnabled(true);
  row[name]->setDropEnabled(true);
  return row;
}

QList<QList<QStandardItem*>> SessionTreeModel::children(const SessionRun& r) const {
  QList<QList<QStandardItem*>> rows;
  const QString folder = QString::fromStdString(r.folder);
  if (!r.checkpoints.empty()) {
    auto header = makeRow(checkpoints, QStringLiteral("Checkpoints"), r.folder, QStringLiteral("checkpoints ") + folder);
    header[figure]->setText(QString::number(r.checkpoints.size()));
    const bool all = std::ranges::find(unfolded_, r.folder) != unfolded_.end();
    const std::size_t shown = all ? r.checkpoints.size() : std::min(kCheckpointsShown, r.checkpoints.size());
    for (std::size_t i = 0; i < shown; ++i) {
      const std::int64_t step = r.checkpoints[r.checkpoints.size() - 1 - i];
      auto row = makeRow(checkpoint, QStringLiteral("step %1%2").arg(grouped(step), i == 0 && r.measurable() ? QStringLiteral(", last") : QString()), r.folder,
                         QStringLiteral("step %1 %2").arg(step).arg(folder));
      row[figure]->setText(accuracyAt(r, step));
      row[figure]->setToolTip(QStringLiteral("Test accuracy"));
      row[name]->setData(static_cast<qlonglong>(step), stepRole);
      header[name]->appendRow(row);
    }
    if (shown < r.checkpoints.size()) {
      auto row = makeRow(more, QStringLiteral("%1 more").arg(r.checkpoints.size() - shown), r.folder, QStringLiteral("more ") + folder);
      row[name]->setToolTip(QStringLiteral("A click lists them"));
      row[name]->setIcon(icon(QStringLiteral("more")));
      header[name]->appendRow(row);
    }
    rows << header;
  }
  if (r.results.empty()) return rows;
  auto header = makeRow(results, QStringLiteral("Results"), r.folder, QStringLiteral("results ") + folder);
  header[figure]->setText(QString::number(r.results.size()));
  for (auto entry = r.results.rbegin(); entry != r.results.rend(); ++entry) {
    auto row = makeRow(result, entry->name, r.folder, QStringLiteral("result %1").arg(QString::fromStdString(entry->file)));
    row[figure]->setText(entry->figure);
    row[name]->setData(entry->kind, kindRole);
    row[name]->setData(QString::fromStdString(entry->file), fileRole);
    row[name]->setIcon(icon(iconOf(entry->kind)));
    row[name]->setToolTip(QStringLiteral("%1\n%2").arg(QString::fromStdString(entry->file),
                                                        entry->value.index() == 0 ? QStringLiteral("There is no view of it here.") : QStringLiteral("A click shows it.")));
    QFont font = row[name]->font();
    font.setBold(r.shows(*entry));
    row[name]->setFont(font);
    header[name]->appendRow(row);
  }
  rows << header;
  return rows;
}

void SessionTreeModel::fill(QStandardItem* nameItem, QStandardItem* figureItem, QStandardItem* eyeItem, const SessionRun& r) {
  const auto setText = [](QStandardItem* item, const QString& text) {
    if (item->text() != text) item->setText(text);
  };
  setText(nameItem, r.name);
  setText(figureItem, figureOf(r));
  if (nameItem->toolTip() != toolTipOf(r)) nameItem->setToolTip(toolTipOf(r));
  QFont font = nameItem->font();
  font.setBold(true);
  font.setItalic(r.state == RunState::missing);
  font.setUnderline(&r == session_.baseline() && session_.runs().size() > 1);
  if (nameItem->font() != font) nameItem->setFont(font);
  const QPixmap& swatch = looks_.swatch(r);
  if (nameItem->data(Qt::UserRole).toLongLong() != swatch.cacheKey()) {
    nameItem->setIcon(QIcon(swatch));
    nameItem->setData(swatch.cacheKey(), Qt::UserRole);
  }
  const QString eyeIcon = r.visible ? QStringLiteral("eye") : QStringLiteral("eye-off");
  if (eyeItem->data(Qt::UserRole).toString() != eyeIcon) {
    eyeItem->setIcon(icon(eyeIcon));
    eyeItem->setData(eyeIcon, Qt::UserRole);
    eyeItem->setToolTip(r.visible ? QStringLiteral("Shown; a click hides it everywhere") : QStringLiteral("Hidden; a click shows it again"));
    eyeItem->setData(r.visible ? QStringLiteral("shown") : QStringLiteral("hidden"), Qt::AccessibleTextRole);
  }
  auto rows = children(r);
  if (sameRows(nameItem, rows)) {
    for (const auto& row : rows) qDeleteAll(row);
    return;
  }
  nameItem->removeRows(0, nameItem->rowCount());
  for (const auto& row : rows) nameItem->appendRow(row);
  emit rebuilt();
}

void SessionTreeModel::rebuild() {
  removeRows(0, rowCount());
  QHash<QString, QStandardItem*> groups;
  for (const SessionRun& r : session_.runs()) {
    QStandardItem* parent = invisibleRootItem();
    if (!r.group.isEmpty()) {
      if (!groups.contains(r.group)) {
        auto row = makeRow(group, r.group, {}, QStringLiteral("group ") + r.group);
        row[name]->setData(r.group, kindRole);
        row[name]->setEditable(true);
        row[name]->setDropEnabled(true);
        row[name]->setIcon(icon(QStringLiteral("layers")));
        appendRow(row);
        groups.insert(r.group, row[name]);
      }
      parent = groups.value(r.group);
    }
    auto row = makeRun(r);
    parent->appendRow(row);
    fill(row[name], row[figure], row[eye], r);
  }
  for (auto at = groups.begin(); at != groups.end(); ++at) fillGroup(at.key());
  emit rebuilt();
}

void SessionTreeModel::fillGroup(const QString& title) {
  for (int i = 0; i < rowCount(); ++i) {
    QStandardItem* row = item(i, name);
    if (row->data(nodeRole).toInt() != group || row->data(kindRole).toString() != title) continue;
    const auto runs = runsOf(session_, title);
    if (item(i, figure)->text() != progressText(runs)) item(i, figure)->setText(progressText(runs));
    const bool shown = std::ranges::any_of(runs, &SessionRun::visible);
    item(i, eye)->setIcon(icon(shown ? QStringLiteral("eye") : QStringLiteral("eye-off")));
    const bool open = std::ranges::any_of(runs, [](const SessionRun* r) { return r->state == RunState::waiting || r->state == RunState::training; });
    if (open) row->setToolTip(QStringLiteral("%1 runs, in training").arg(runs.size()));
    else row->setToolTip(bestText(tableOf(runs)));
  }
}

void SessionTreeModel::refreshRun(const QString& folder) {
  const SessionRun* r = session_.find(folder.toStdString());
  QStandardItem* at = itemOf(folder.toStdString());
  if (r == nullptr || at == nullptr) return;
  QStandardItem* parent = at->parent() != nullptr ? at->parent() : invisibleRootItem();
  if (r->group != (at->parent() != nullptr ? at->parent()->data(kindRole).toString() : QString())) {
    rebuild();
    return;
  }
  const QString before = parent->child(at->row(), figure)->text();
  const QString eyeBefore = parent->child(at->row(), eye)->data(Qt::UserRole).toString();
  fill(at, parent->child(at->row(), figure), parent->child(at->row(), eye), *r);
  // A group says how many are done, and which is best: worth a look when a run of it changed its state.
  const bool ticking = r->state == RunState::training && before.endsWith(QLatin1Char('%'));
  const bool eyeChanged = eyeBefore != parent->child(at->row(), eye)->data(Qt::UserRole).toString();
  if (!r->group.isEmpty() && (!ticking || eyeChanged)) fillGroup(r->group);
}

QStandardItem* SessionTreeModel::itemOf(const std::string& folder) const {
  const auto is = [&](const QStandardItem* i) { return i->data(nodeRole).toInt() == run && i->data(folderRole).toString().toStdString() == folder; };
  for (int i = 0; i < rowCount(); ++i) {
    if (is(item(i))) return item(i);
    for (int j = 0; j < item(i)->rowCount(); ++j)
      if (is(item(i)->child(j))) return item(i)->child(j);
  }
  return nullptr;
}

QModelIndex SessionTreeModel::indexOf(const std::string& folder) const {
  const QStandardItem* found = itemOf(folder);
  return found == nullptr ? QModelIndex() : found->index();
}

void SessionTreeModel::toggleVisible(const QModelIndex& index) {
  const QModelIndex first = index.siblingAtColumn(name);
  std::vector<std::string> folders;
  bool shown = false;
  if (first.data(nodeRole).toInt() == run) folders.push_back(first.data(folderRole).toString().toStdString());
  if (first.data(nodeRole).toInt() == group)
    for (const SessionRun* r : runsOf(session_, first.data(kindRole).toString())) folders.push_back(r->folder);
  for (const std::string& folder : folders) shown = shown || session_.find(folder)->visible;
  for (const std::string& folder : folders) session_.update(folder, [shown](SessionRun& r) { r.visible = !shown; });
}

void SessionTreeModel::unfoldCheckpoints(const std::string& folder) {
  unfolded_.push_back(folder);
  refreshRun(QString::fromStdString(folder));
}

bool SessionTreeModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  const int node = index.data(nodeRole).toInt();
  if (role != Qt::EditRole || index.column() != name || (node != run && node != group)) return QStandardItemModel::setData(index, value, role);
  const QString words = value.toString().trimmed();
  if (words.isEmpty() || words == index.data().toString()) return false;
  if (node == run) {
    session_.update(index.data(folderRole).toString().toStdString(), [&](SessionRun& r) { r.name = words; });
    return true;
  }
  // Behind the editor: the rows are made again.
  QTimer::singleShot(0, this, [this, words, was = index.data(kindRole).toString()] {
    std::vector<std::string> folders;
    for (const SessionRun* r : runsOf(session_, was)) folders.push_back(r->folder);
    for (const std::string& folder : folders) session_.update(folder, [&](SessionRun& r) { r.group = words; });
  });
  return true;
}

QStringList SessionTreeModel::mimeTypes() const { return {kMimeType}; }

QMimeData* SessionTreeModel::mimeData(const QModelIndexList& indexes) const {
  for (const QModelIndex& index : indexes) {
    if (index.column() != name || index.data(nodeRole).toInt() != run) continue;
    auto* data = new QMimeData;
    data->setData(kMimeType, index.data(folderRole).toString().toUtf8());
    return data;
  }
  return nullptr;
}

bool SessionTreeModel::canDropMimeData(const QMimeData* data, Qt::DropAction, int, int, const QModelIndex& parent) const {
  if (!data->hasFormat(kMimeType)) return false;
  const int node = parent.data(nodeRole).toInt();
  return !parent.isValid() || node == group || node == run;
}

bool SessionTreeModel::dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column, const QModelIndex& parent) {
  if (!canDropMimeData(data, action, row, column, parent)) return false;
  const std::string folder = data->data(kMimeType).toStdString();
  QString title;
  std::string before;
  QModelIndex at = parent.isValid() && parent.data(nodeRole).toInt() == run ? parent.siblingAtColumn(name) : row >= 0 ? this->index(row, name, parent) : QModelIndex();
  if (parent.isValid() && parent.data(nodeRole).toInt() == group) title = parent.data(kindRole).toString();
  if (at.isValid() && at.data(nodeRole).toInt() == run) {
    before = at.data(folderRole).toString().toStdString();
    if (const SessionRun* r = session_.find(before)) title = r->group;
  } else if (at.isValid() && at.data(nodeRole).toInt() == group) {
    before = runsOf(session_, at.data(kindRole).toString()).front()->folder;
  }
  QTimer::singleShot(0, this, [this, folder, title, before] { session_.move(folder, title, before); });
  return false;  // nothing for the view to move: the session did
}

}  // namespace ui
