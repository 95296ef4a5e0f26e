// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/field_text.h"

#include <QLocale>
#include <QStringList>
#include <cmath>
#include <stdexcept>
#include <type_traits>

#include "trainer/model/model_names.h"
#include "trainer/run/run_spec_fields.h"

namespace ui {
namespace {

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

QString numberWord(double v) { return QString::number(v, 'g', QLocale::FloatingPointShortest); }

/// 0 stands for "chosen later" here.
bool zeroIsUnset(const char* key) {
  const std::string_view name = key;
  return name == "batch_size" || name == "epochs" || name == "checkpoint_every" || name == "threads";
}

template <class T>
QString textOf(const char* key, const T& value) {
  if constexpr (IsOptional<T>::value) {
    return value ? textOf(key, *value) : QString();
  } else if constexpr (std::is_same_v<T, std::string>) {
    return QString::fromStdString(value);
  } else if constexpr (std::is_same_v<T, bool>) {
    return value ? QStringLiteral("on") : QString();
  } else if constexpr (std::is_same_v<T, double>) {
    return numberWord(value);
  } else if constexpr (std::is_same_v<T, std::vector<double>>) {
    QStringList words;
    for (const double v : value) words << numberWord(v);
    return words.join(QStringLiteral(", "));
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    if (zeroIsUnset(key) && value == 0) return {};
    if (std::string_view(key) == "batch_size" && value == trainer::kAllItems) return QStringLiteral("all");
    return QString::number(static_cast<qlonglong>(value));
  } else {
    return QString::number(static_cast<qulonglong>(value));
  }
}

QString notANumber(const QString& text) { return QStringLiteral("must be a number, got '%1'").arg(text); }

QString read(const QString& text, double& out) {
  bool good = false;
  const double value = text.toDouble(&good);
  if (!good || !std::isfinite(value)) return notANumber(text);
  out = value;
  return {};
}

/// "1,024" is taken as it is shown elsewhere.
QString withoutGroups(QString text) { return text.remove(QLatin1Char(',')).remove(QLatin1Char(' ')); }

template <class T>
QString parse(const char* key, const QString& text, T& out) {
  if constexpr (IsOptional<T>::value) {
    typename T::value_type value{};
    const QString problem = parse(key, text, value);
    if (problem.isEmpty()) out = value;
    return problem;
  } else if constexpr (std::is_same_v<T, std::string>) {
    out = text.toStdString();
  } else if constexpr (std::is_same_v<T, bool>) {
    out = text == QStringLiteral("on");
  } else if constexpr (std::is_same_v<T, double>) {
    return read(text, out);
  } else if constexpr (std::is_same_v<T, std::vector<double>>) {
    T values;
    for (const QString& word : text.split(QLatin1Char(','))) {
      double value = 0;
      if (const QString problem = read(word.trimmed(), value); !problem.isEmpty()) return QStringLiteral("must be numbers with commas between, got '%1'").arg(text);
      values.push_back(value);
    }
    out = std::move(values);
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    if (std::string_view(key) == "batch_size" && text == QStringLiteral("all")) {
      out = trainer::kAllItems;
      return {};
    }
    bool good = false;
    const qlonglong value = withoutGroups(text).toLongLong(&good);
    const qlonglong least = std::string_view(key) == "warmup_steps" ? 0 : 1;
    if (!good || value < least) return QStringLiteral("must be a whole number >= %1%2, got '%3'").arg(least).arg(std::string_view(key) == "batch_size" ? QStringLiteral(" or all") : QString(), text);
    out = value;
  } else {
    bool good = false;
    const qulonglong value = withoutGroups(text).toULongLong(&good);
    if (!good) return QStringLiteral("must be a whole number >= 0, got '%1'").arg(text);
    out = value;
  }
  return {};
}

/// The choices that decide on the defaults of others.
trainer::RunSpec deciding(const trainer::RunSpec& wanted) {
  trainer::RunSpec s;
  s.data = wanted.data.ends_with(':') ? wanted.data + "." : wanted.data;
  s.model = wanted.model;
  s.loss = wanted.loss;
  s.optimizer = wanted.optimizer;
  s.sharpness = wanted.sharpness;
  s.weightDecay = std::max(0.0, wanted.weightDecay);
  if (trainer::applies(wanted, "penalty_product")) s.penaltyProduct = wanted.penaltyProduct;
  if (trainer::applies(wanted, "perturbation")) s.perturbation = wanted.perturbation;
  s.epochs = std::max<std::int64_t>(0, wanted.epochs);
  s.curvatureEvery = wanted.curvatureEvery;
  if (trainer::applies(wanted, "curvature_top")) s.curvatureMeasures = "gradient-share";
  try {
    trainer::requireKnownModel(s.model);
  } catch (const std::invalid_argument&) {
    s.model.clear();
  }
  return s;
}

}  // namespace

QString fieldText(const trainer::RunSpec& spec, const QString& key) {
  QString text;
  trainer::visitFields(spec, [&](const char* name, const char*, const auto& value) {
    if (key == QLatin1String(name)) text = textOf(name, value);
  });
  return text;
}

QString setFieldText(trainer::RunSpec& spec, const QString& key, const QString& text) {
  QString problem;
  const QString words = text.trimmed();
  if (words.isEmpty()) {
    copyField(trainer::RunSpec{}, spec, key);
    return problem;
  }
  trainer::visitFields(spec, [&](const char* name, const char*, auto& value) {
    if (key == QLatin1String(name)) problem = parse(name, words, value);
  });
  return problem;
}

void copyField(const trainer::RunSpec& from, trainer::RunSpec& to, const QString& key) {
  trainer::visitFields(from, [&](const char* name, const char*, const auto& value) {
    if (key != QLatin1String(name)) return;
    trainer::visitFields(to, [&](const char* other, const char*, auto& out) {
      if constexpr (std::is_same_v<std::decay_t<decltype(out)>, std::decay_t<decltype(value)>>)
        if (key == QLatin1String(other)) out = value;
    });
  });
}

void dropUnused(trainer::RunSpec& spec) {
  const trainer::RunSpec fresh;
  trainer::visitFields(fresh, [&](const char* key, const char*, const auto&) {
    if (!trainer::applies(spec, key)) copyField(fresh, spec, QLatin1String(key));
  });
}

trainer::RunSpec usualBeside(const trainer::RunSpec& wanted) {
  trainer::RunSpec s = deciding(wanted), first = s;
  first.penaltyProduct.reset();
  first.perturbation.reset();
  first.curvatureEvery.reset();
  first.weightDecay = 0;
  first.model.clear();
  first.loss = trainer::RunSpec{}.loss;
  first.epochs = 0;
  try {
    const trainer::RunSpec own = trainer::resolve(first, nullptr);
    trainer::RunSpec usual = trainer::resolve(s, nullptr);
    usual.data = "digits";
    usual.optimizer = trainer::RunSpec{}.optimizer;
    usual.sharpness = trainer::RunSpec{}.sharpness;
    usual.model = own.model;
    usual.loss = own.loss;
    usual.weightDecay = 0;
    usual.penaltyProduct = own.penaltyProduct;
    usual.perturbation = own.perturbation;
    usual.curvatureEvery.reset();
    if (usual.curvatureMeasures) usual.curvatureMeasures = "lambda-max";
    usual.epochs = own.epochs;
    return usual;
  } catch (const std::invalid_argument&) {  // a kind of data that this version does not have
    trainer::RunSpec digits;
    digits.data = "digits";
    return trainer::resolve(digits, nullptr);
  }
}

}  // namespace ui
