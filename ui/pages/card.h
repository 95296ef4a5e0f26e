// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QHBoxLayout;
class QVBoxLayout;

/// The frame that the parts of a page stand in.
namespace ui {

/// Makes `frame` a card and returns the column for its header, body and footer.
QVBoxLayout* makeCard(QFrame* frame);
/// Adds a bar 24 high to a card, "cardHeader" or "cardFooter", and returns its row.
QHBoxLayout* addCardBar(QVBoxLayout* card, const char* role);

}  // namespace ui
