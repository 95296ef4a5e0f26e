// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPixmap>
#include <array>
#include <map>

#include "ui/pages/landscape_board.h"
#include "ui/theme/theme.h"
#include "ui/workspace/session.h"

namespace ui {

/// How the session's runs look under the present theme. Swatches are made once, so that equal ones compare equal.
class RunLooks : public QObject {
  Q_OBJECT
 public:
  RunLooks(const Theme& theme, QObject* parent = nullptr);

  CurveLook look(const SessionRun& run) const;
  const QPixmap& swatch(const SessionRun& run) const;
  BoardRun boardRun(const SessionRun& run) const;
  std::vector<BoardRun> boardRuns(const Session& session) const;

 private:
  const Theme& theme_;
  mutable std::map<std::array<std::size_t, 3>, QPixmap> swatches_;  ///< by the looks of colour, line and marker
};

/// "tr 96.27 (2.18)", the standard error in brackets; empty while not measured.
QString traceText(const SessionRun& run);
/// "lambda max 0.3512   lambda min -0.00021", with the letters; empty while not measured.
QString curvatureText(const SessionRun& run);

}  // namespace ui
