// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/comparison/item_answers.h"

#include <ATen/ATen.h>

#include "analysis/load_objective.h"
#include "analysis/model_objective.h"

namespace analysis {
namespace {

template <class T>
std::vector<T> listOf(const at::Tensor& t) {
  const at::Tensor v = t.cpu().contiguous();
  return {v.const_data_ptr<T>(), v.const_data_ptr<T>() + v.numel()};
}

}  // namespace

RunItems answerItems(const MeasureSpec& measure, const trainer::Context& context) {
  context.checkpoint();
  MeasureSpec m = measure;
  m.samples = 0, m.split = "train", m.loss = "plain";
  const LoadedRun run = loadRun(m);
  RunItems items{.train = run.train->sampleCount(), .test = run.test->sampleCount(), .answers = nullptr};
  if (run.spec.validation > 0) items.validation = trainer::loadData(trainer::dataOptions(run.spec)).validation.count();
  if (run.shape.tokens) return items;
  context.checkpoint();
  const auto& test = dynamic_cast<const ModelObjective&>(*run.test);
  const at::Tensor z = run.test->outputs(run.test->theta0()), labels = test.parts().data.labels;
  auto answers = std::make_shared<ItemAnswers>();
  answers->correct = listOf<std::uint8_t>(z.argmax(-1).eq(labels).to(at::kByte));
  answers->loss = listOf<double>(trainer::itemLosses(z.to(at::kDouble), labels, test.parts().loss));
  items.answers = std::move(answers);
  return items;
}

}  // namespace analysis
