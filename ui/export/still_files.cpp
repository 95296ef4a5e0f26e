// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/still_files.h"

#include <fmt/format.h>

#include <QBuffer>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>
#include <regex>
#include <stdexcept>

#include "analysis/figure/file_metadata.h"

namespace ui {
namespace {

const char* const kTitle = "Loss landscape";

void paintLabelsOf(const SceneStill& still, QPainter& painter, double scale) {
  painter.scale(scale, scale);
  paintLabels(painter, still.labels, still.colours, still.font, still.view.width());
}

std::string pngBytes(const SceneStill& still) {
  QImage image = still.picture;
  QPainter painter(&image);
  paintLabelsOf(still, painter, double(image.width()) / still.view.width());
  painter.end();
  if (!image.hasAlphaChannel() || image.pixelColor(0, 0).alpha() == 255) image = image.convertToFormat(QImage::Format_RGB888);
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  if (!image.save(&buffer, "png")) throw std::runtime_error(fmt::format("a picture of {} x {} pixels could not be encoded as PNG", image.width(), image.height()));
  return bytes.toStdString();
}

std::string svgBytes(const SceneStill& still) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  QSvgGenerator svg;
  svg.setOutputDevice(&buffer);
  svg.setTitle({});
  svg.setResolution(96);
  svg.setSize(still.view);
  svg.setViewBox(QRect(QPoint(), still.view));
  QPainter painter(&svg);
  painter.drawImage(QRectF(QPointF(), still.view), still.picture);
  paintLabelsOf(still, painter, 1);
  painter.end();
  return bytes.toStdString();
}

std::string pdfBytes(const SceneStill& still) {
  constexpr int kDotsPerInch = 1200;
  constexpr double kPointsPerPixel = 0.75;  // 96 logical pixels an inch
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  QPdfWriter pdf(&buffer);
  pdf.setResolution(kDotsPerInch);
  pdf.setPageSize(QPageSize(QSizeF(still.view) * kPointsPerPixel, QPageSize::Point, QString(), QPageSize::ExactMatch));
  pdf.setPageMargins(QMarginsF());
  QPainter painter(&pdf);
  const double scale = kDotsPerInch / 96.0;
  painter.drawImage(QRectF(QPointF(), QSizeF(still.view) * scale), still.picture);
  paintLabelsOf(still, painter, scale);
  painter.end();
  return bytes.toStdString();
}

/// A text string object: hexadecimal UTF-16, big end first, with its mark.
std::string pdfText(const std::string& text) {
  std::string out = "<FEFF";
  for (const QChar c : QString::fromStdString(text)) out += fmt::format("{:04X}", static_cast<unsigned>(c.unicode()));
  return out + ">";
}

}  // namespace

std::string withPdfText(const std::string& pdf, const std::string& title, const analysis::Provenance& provenance) {
  const std::size_t trailer = pdf.rfind("trailer"), start = pdf.rfind("startxref");
  std::smatch size, root, at;
  const std::string tail = trailer == std::string::npos ? std::string() : pdf.substr(trailer);
  if (start == std::string::npos || !std::regex_search(tail, size, std::regex(R"(/Size (\d+))")) || !std::regex_search(tail, root, std::regex(R"(/Root (\d+ \d+ R))")) ||
      !std::regex_search(tail, at, std::regex(R"(startxref\s+(\d+))")))
    throw std::runtime_error("the PDF that was made has no trailer that can be read");
  const long info = std::stol(size[1]);
  std::string out = pdf + (pdf.ends_with('\n') ? "" : "\n");
  const std::size_t object = out.size();
  out += fmt::format("{} 0 obj\n<<\n/Title {}\n/Creator (Sharpscape)\n/Keywords {}\n>>\nendobj\n", info, pdfText(title), pdfText(provenance.text()));
  const std::size_t table = out.size();
  out += fmt::format("xref\n{} 1\n{:010} 00000 n \ntrailer\n<<\n/Size {}\n/Root {}\n/Info {} 0 R\n/Prev {}\n>>\nstartxref\n{}\n%%EOF\n", info, object, info + 1, root[1].str(), info,
                     at[1].str(), table);
  return out;
}

std::string stillFile(const SceneStill& still, const std::string& ending, const analysis::Provenance& provenance) {
  if (ending == ".png") return analysis::withPngText(pngBytes(still), provenance);
  if (ending == ".svg") return analysis::withSvgText(svgBytes(still), kTitle, provenance);
  if (ending == ".pdf") return withPdfText(pdfBytes(still), kTitle, provenance);
  throw std::invalid_argument(fmt::format("'{}': a 3-D view is written as .png, .svg or .pdf", ending));
}

}  // namespace ui
