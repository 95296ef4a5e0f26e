// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QIcon>
#include <QObject>

#include "ui/theme/tokens.h"

namespace ui {

/// The look of the whole application: style, palette, style sheet, font and icons. Starts as dark, unapplied until set().
class Theme : public QObject {
  Q_OBJECT

 public:
  explicit Theme(QObject* parent = nullptr);

  ThemeKind kind() const { return kind_; }
  const Tokens& tokens() const { return ui::tokens(kind_); }
  /// Applies the theme to the application and then says so, also if it is the one already set.
  void set(ThemeKind kind);

  /// The named icon in the colour of text, of third text when disabled, of the accent when checked. Icons do not follow a change of the
  /// theme: ask again after changed(). Crisp at every size and pixel ratio; null if there is no such icon.
  QIcon icon(const QString& name) const;
  /// In one colour, also when checked.
  QIcon icon(const QString& name, const QColor& colour) const;

 signals:
  void changed();

 private:
  QIcon cached(const QString& name, const QColor& colour, const QColor& on) const;

  ThemeKind kind_ = ThemeKind::dark;
  bool styled_ = false;
  mutable QHash<QString, QIcon> icons_;
};

}  // namespace ui
