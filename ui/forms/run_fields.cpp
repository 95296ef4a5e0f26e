// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/run_fields.h"

#include <QHash>
#include <QRegularExpression>
#include <stdexcept>

#include "trainer/device.h"
#include "trainer/model/model_names.h"
#include "trainer/run/run_spec_fields.h"
#include "ui/forms/measure_names.h"

namespace ui {
namespace {

using enum FieldKind;

RunField rare(RunField field) {
  field.rare = true;
  return field;
}

RunSection dataSection() {
  return {"Data and model",
          {{"data", "Data", data},
           rare({"data_limit", "Limit", count, {}, "all"}),
           {"validation", "Validation", share},
           rare({"label_noise", "Label noise", share}),
           rare({"augment", "Augment", choice, {{"none", "none"}, {"standard", "crop and mirror"}}}),
           rare({"mean", "Mean", list, {}, "computed"}),
           rare({"std", "Deviation", list, {}, "computed"}),
           {"model", "Model", model, {}, "by the data"},
           rare({"activation", "Activation", choice, {{"relu", "ReLU"}, {"tanh", "tanh"}, {"gelu", "GELU"}, {"softplus", "softplus"}}}),
           rare({"dropout", "Dropout", share}),
           {"loss", "Loss", choice, {{"cross-entropy", "cross entropy"}, {"mse", "mean square"}}},
           rare({"label_smoothing", "Smoothing", share})}};
}

RunSection optimizerSection() {
  return {"Optimizer",
          {{"optimizer", "Base", choice, {{"sgd", "SGD"}, {"adam", "Adam"}, {"adamw", "AdamW"}, {"lion", "Lion"}, {"muon", "Muon"}}},
           {"learning_rate", "Rate \u03B7", number},
           {"momentum", "Momentum", share},
           rare({"nesterov", "Nesterov", toggle}),
           rare({"beta1", "\u03B2\u2081", share}),
           rare({"beta2", "\u03B2\u2082", share}),
           {"weight_decay", "Decay", number},
           {"weight_decay_mode", "Decay as", choice, {{"loss", "L2 in the loss"}, {"decoupled", "decoupled"}}},
           rare({"clip_norm", "Clip norm", number, {}, "off"}),
           {"batch_size", "Batch", doubling}}};
}

RunSection sharpnessSection() {
  return {"Sharpness",
          {{"sharpness", "Mode", choice,
            {{"none", "plain"}, {"sam", "SAM"}, {"asam", "ASAM"}, {"penalty", "gradient penalty"}, {"gsam", "GSAM"}, {"looksam", "LookSAM"}, {"friendly-sam", "friendly SAM"}}},
           {"rho", "Radius \u03C1", number},
           {"alpha", "Mix \u03B1", share},
           rare({"perturbation", "Perturbation", choice,
            {{"gradient", "\u03C1 g/\u2016g\u2016"}, {"unnormalised", "\u03C1 g, unnormalised"}, {"adaptive", "adaptive (ASAM)"}, {"random", "random"}}}),
           rare({"perturb_only", "Perturb", choice, {{"all", "all parameters"}, {"weight", "weights"}, {"bias", "biases"}, {"norm", "norm layers"}}}),
           rare({"perturb_every", "Every", count}),
           {"perturbation_group", "Group m", doubling, {}, "the batch"},
           rare({"reference_term", "Reference", choice, {{"gradient", "g (the paper's)"}, {"unit", "g/\u2016g\u2016 (its code's)"}}}),
           rare({"penalty_product", "Product", choice, {{"difference", "second gradient"}, {"exact", "exact, H g/\u2016g\u2016"}}}),
           rare({"asam_eta", "ASAM \u03B7", number}),
           rare({"friendly_sigma", "Friendly \u03C3", number}),
           rare({"friendly_lambda", "Friendly \u03BB", share}),
           {"penalty_warmup", "Warm-up", choice, {{"none", "none"}, {"r", "radius"}, {"lambda", "weight \u03BB"}, {"zero", "plain at first"}}},
           {"penalty_warmup_steps", "Its steps T", count}}};
}

RunSection scheduleSection() {
  return {"Schedule",
          {{"schedule", "Rate", choice, {{"cosine", "cosine, to 0"}, {"constant", "constant"}, {"step", "a tenth at 1/2 and 3/4"}}},
           {"warmup_steps", "Warm-up", count},
           {"epochs", "Epochs", count}}};
}

RunSection measureSection() {
  return {"While it trains",
          {{"checkpoint_every", "Save every", count},
           {"ema", "EMA", share, {}, "off"},
           rare({"swa_from", "SWA from", count, {}, "off"}),
           {"curvature_every", "Curvature every", count, {}, "off"},
           {"curvature_measures", "Tracked", several, {kMeasureNames.begin(), kMeasureNames.end()}, "lambda-max"},
           {"curvature_samples", "on samples", doubling, {}, "up to 1,024"},
           rare({"curvature_products", "products", count}),
           rare({"curvature_top", "top K", count}),
           rare({"curvature_share", "at most share", share, {}, "no limit"})}};
}

RunSection runSection() {
  RunField device{"device", "Device", choice};
  for (const std::string& name : trainer::availableDevices()) device.choices.emplace_back(name.c_str(), name.c_str());
  return {"Run",
          {{"seed", "Seed", count},
           {"precision", "Precision", choice, {{"float", "float32"}, {"double", "float64"}}},
           device,
           {"threads", "Threads", count, {}, "shared with analysis"}}};
}

/// The words of --help, by key.
const QHash<QString, QString>& helpWords() {
  static const QHash<QString, QString> words = [] {
    QHash<QString, QString> all;
    const trainer::RunSpec fresh;
    trainer::visitFields(fresh, [&](const char* key, const char* help, const auto&) { all.insert(QString::fromLatin1(key), QString::fromUtf8(help)); });
    return all;
  }();
  return words;
}

QString flagOf(const char* key) { return QStringLiteral("--") + QString::fromLatin1(key).replace(QLatin1Char('_'), QLatin1Char('-')); }

}  // namespace

const std::vector<RunSection>& runSections() {
  static const std::vector<RunSection> sections{dataSection(), optimizerSection(), sharpnessSection(), scheduleSection(), measureSection(), runSection()};
  return sections;
}

QString fieldToolTip(const RunField& field) {
  QString help = helpWords().value(QString::fromLatin1(field.key)).toHtmlEscaped();
  return QStringLiteral("<p><b>%1</b> &nbsp;%2</p><p>%3</p>").arg(QString::fromUtf8(field.label), flagOf(field.key), help.replace(QStringLiteral(" | "), QStringLiteral("<br>")));
}

const std::vector<std::string>& offeredModels() {
  static const std::vector<std::string> models = [] {
    std::vector<std::string> known;
    for (const char* name : {"cnn", "mlp:64-32-10", "lenet", "resnet20", "resnet20-nobn", "resnet20-noshort", "resnet32", "resnet56", "resnet56-noshort", "resnet110", "resnet18", "resnet34", "vgg11",
                             "vgg11_bn", "vgg13", "vgg13_bn", "vgg16", "vgg16_bn", "vgg19", "vgg19_bn", "wrn-16-4", "wrn-28-10", "vit", "gpt"}) {
      try {
        trainer::requireKnownModel(name);
        known.push_back(name);
      } catch (const std::invalid_argument&) {  // not in this version
      }
    }
    return known;
  }();
  return models;
}

QString inWordsOfTheForm(const QString& sentence, QString* key) {
  static const QHash<QString, const RunField*> fields = [] {
    QHash<QString, const RunField*> all;
    for (const RunSection& section : runSections())
      for (const RunField& field : section.fields) all.insert(flagOf(field.key), &field);
    return all;
  }();
  static const QRegularExpression flag(QStringLiteral("--[a-z0-9-]+"));
  QString out;
  qsizetype from = 0;
  for (auto match = flag.globalMatch(sentence); match.hasNext();) {
    const QRegularExpressionMatch found = match.next();
    const RunField* field = fields.value(found.captured(0), nullptr);
    if (field != nullptr && key != nullptr && key->isEmpty()) *key = QString::fromLatin1(field->key);
    out += QStringView(sentence).mid(from, found.capturedStart() - from);
    out += field != nullptr ? QString::fromUtf8(field->label) : found.captured(0);
    from = found.capturedEnd();
  }
  out += QStringView(sentence).mid(from);
  return out;
}

}  // namespace ui
