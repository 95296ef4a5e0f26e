// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/comparison/citations.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>

namespace analysis {
namespace {

struct Citation {
  const char* key;
  const char* type;
  const char* authors;
  const char* title;
  const char* where;  ///< fields of the venue
  int year;
};

constexpr const char* kIclr = "booktitle = {International Conference on Learning Representations}";
constexpr const char* kNeurips = "booktitle = {Advances in Neural Information Processing Systems}";

const std::vector<Citation> kCitations = {
    {"zhao2022penalizing", "inproceedings", "Zhao, Yang and Zhang, Hao and Hu, Xiuyuan", "Penalizing Gradient Norm for Efficiently Improving Generalization in Deep Learning",
     "booktitle = {International Conference on Machine Learning}, series = {PMLR}, volume = {162}, pages = {26982--26992}", 2022},
    {"zhao2024harmful", "inproceedings", "Zhao, Yang and Zhang, Hao and Hu, Xiuyuan", "When Will Gradient Regularization Be Harmful?", "booktitle = {International Conference on Machine Learning}", 2024},
    {"foret2021sam", "inproceedings", "Foret, Pierre and Kleiner, Ariel and Mobahi, Hossein and Neyshabur, Behnam", "Sharpness-Aware Minimization for Efficiently Improving Generalization", kIclr, 2021},
    {"kwon2021asam", "inproceedings", "Kwon, Jungmin and Kim, Jeongseop and Park, Hyunseo and Choi, In Kwon",
     "{ASAM}: Adaptive Sharpness-Aware Minimization for Scale-Invariant Learning of Deep Neural Networks",
     "booktitle = {International Conference on Machine Learning}, series = {PMLR}, volume = {139}, pages = {5905--5914}", 2021},
    {"zhuang2022gsam", "inproceedings",
     "Zhuang, Juntang and Gong, Boqing and Yuan, Liangzhe and Cui, Yin and Adam, Hartwig and Dvornek, Nicha and Tatikonda, Sekhar and Duncan, James and Liu, Ting",
     "Surrogate Gap Minimization Improves Sharpness-Aware Training", kIclr, 2022},
    {"liu2022looksam", "inproceedings", "Liu, Yong and Mai, Siqi and Chen, Xiangning and Hsieh, Cho-Jui and You, Yang", "Towards Efficient and Scalable Sharpness-Aware Minimization",
     "booktitle = {IEEE/CVF Conference on Computer Vision and Pattern Recognition}", 2022},
    {"li2024friendly", "inproceedings", "Li, Tao and Zhou, Pan and He, Zhengbao and Cheng, Xinwen and Huang, Xiaolin", "Friendly Sharpness-Aware Minimization",
     "booktitle = {IEEE/CVF Conference on Computer Vision and Pattern Recognition}", 2024},
    {"kingma2015adam", "inproceedings", "Kingma, Diederik P. and Ba, Jimmy", "Adam: A Method for Stochastic Optimization", kIclr, 2015},
    {"loshchilov2019adamw", "inproceedings", "Loshchilov, Ilya and Hutter, Frank", "Decoupled Weight Decay Regularization", kIclr, 2019},
    {"chen2023lion", "inproceedings",
     "Chen, Xiangning and Liang, Chen and Huang, Da and Real, Esteban and Wang, Kaiyuan and Pham, Hieu and Dong, Xuanyi and Luong, Thang and Hsieh, Cho-Jui and Lu, Yifeng and Le, Quoc V.",
     "Symbolic Discovery of Optimization Algorithms", kNeurips, 2023},
    {"jordan2024muon", "misc", "Jordan, Keller and others", "Muon: An Optimizer for Hidden Layers in Neural Networks", "howpublished = {https://kellerjordan.github.io/posts/muon/}", 2024},
    {"izmailov2018swa", "inproceedings", "Izmailov, Pavel and Podoprikhin, Dmitrii and Garipov, Timur and Vetrov, Dmitry and Wilson, Andrew Gordon",
     "Averaging Weights Leads to Wider Optima and Better Generalization", "booktitle = {Conference on Uncertainty in Artificial Intelligence}", 2018},
    {"pearlmutter1994", "article", "Pearlmutter, Barak A.", "Fast Exact Multiplication by the {H}essian", "journal = {Neural Computation}, volume = {6}, number = {1}, pages = {147--160}", 1994},
    {"golub2013", "book", "Golub, Gene H. and Van Loan, Charles F.", "Matrix Computations", "edition = {4th}, publisher = {Johns Hopkins University Press}", 2013},
    {"epperly2024xtrace", "article", "Epperly, Ethan N. and Tropp, Joel A. and Webber, Robert J.", "{XTrace}: Making the Most of Every Sample in Stochastic Trace Estimation",
     "journal = {SIAM Journal on Matrix Analysis and Applications}, volume = {45}, number = {1}, pages = {1--23}", 2024},
    {"hutchinson1990", "article", "Hutchinson, M. F.", "A Stochastic Estimator of the Trace of the Influence Matrix for {L}aplacian Smoothing Splines",
     "journal = {Communications in Statistics -- Simulation and Computation}, volume = {19}, number = {2}, pages = {433--450}", 1990},
    {"ghorbani2019density", "inproceedings", "Ghorbani, Behrooz and Krishnan, Shankar and Xiao, Ying", "An Investigation into Neural Net Optimization via {H}essian Eigenvalue Density",
     "booktitle = {International Conference on Machine Learning}, series = {PMLR}, volume = {97}, pages = {2232--2241}", 2019},
    {"andriushchenko2023modern", "inproceedings", "Andriushchenko, Maksym and Croce, Francesco and M{\\\"u}ller, Maximilian and Hein, Matthias and Flammarion, Nicolas",
     "A Modern Look at the Relationship between Sharpness and Generalization", "booktitle = {International Conference on Machine Learning}, series = {PMLR}, volume = {202}", 2023},
    {"croce2020apgd", "inproceedings", "Croce, Francesco and Hein, Matthias", "Reliable Evaluation of Adversarial Robustness with an Ensemble of Diverse Parameter-Free Attacks",
     "booktitle = {International Conference on Machine Learning}, series = {PMLR}, volume = {119}, pages = {2206--2216}", 2020},
    {"petzka2021relative", "inproceedings", "Petzka, Henning and Kamp, Michael and Adilova, Linara and Sminchisescu, Cristian and Boley, Mario", "Relative Flatness and Generalization", kNeurips, 2021},
    {"li2018visualizing", "inproceedings", "Li, Hao and Xu, Zheng and Taylor, Gavin and Studer, Christoph and Goldstein, Tom", "Visualizing the Loss Landscape of Neural Nets", kNeurips, 2018},
    {"frankle2020linear", "inproceedings", "Frankle, Jonathan and Dziugaite, Gintare Karolina and Roy, Daniel M. and Carbin, Michael", "Linear Mode Connectivity and the Lottery Ticket Hypothesis",
     "booktitle = {International Conference on Machine Learning}, series = {PMLR}, volume = {119}, pages = {3259--3269}", 2020},
    {"garipov2018connectivity", "inproceedings", "Garipov, Timur and Izmailov, Pavel and Podoprikhin, Dmitrii and Vetrov, Dmitry and Wilson, Andrew Gordon",
     "Loss Surfaces, Mode Connectivity, and Fast Ensembling of {DNN}s", kNeurips, 2018},
    {"ainsworth2023rebasin", "inproceedings", "Ainsworth, Samuel K. and Hayase, Jonathan and Srinivasa, Siddhartha", "Git Re-Basin: Merging Models modulo Permutation Symmetries", kIclr, 2023},
    {"jiang2020fantastic", "inproceedings", "Jiang, Yiding and Neyshabur, Behnam and Mobahi, Hossein and Krishnan, Dilip and Bengio, Samy",
     "Fantastic Generalization Measures and Where to Find Them", kIclr, 2020},
    {"welch1947", "article", "Welch, B. L.", "The Generalization of `{S}tudent's' Problem when Several Different Population Variances are Involved",
     "journal = {Biometrika}, volume = {34}, number = {1--2}, pages = {28--35}", 1947},
    {"holm1979", "article", "Holm, Sture", "A Simple Sequentially Rejective Multiple Test Procedure", "journal = {Scandinavian Journal of Statistics}, volume = {6}, number = {2}, pages = {65--70}", 1979},
    {"mcnemar1947", "article", "McNemar, Quinn", "Note on the Sampling Error of the Difference between Correlated Proportions or Percentages",
     "journal = {Psychometrika}, volume = {12}, number = {2}, pages = {153--157}", 1947},
    {"kendall1945", "article", "Kendall, M. G.", "The Treatment of Ties in Ranking Problems", "journal = {Biometrika}, volume = {33}, number = {3}, pages = {239--251}", 1945},
};

}  // namespace

std::string bibtex(const std::vector<std::string>& keys) {
  std::string text;
  std::set<std::string> done;
  for (const std::string& key : keys) {
    if (!done.insert(key).second) continue;
    const auto c = std::ranges::find_if(kCitations, [&](const Citation& k) { return key == k.key; });
    if (c == kCitations.end()) throw std::invalid_argument(fmt::format("there is no citation '{}'", key));
    text += fmt::format("@{}{{{},\n  author = {{{}}},\n  title = {{{}}},\n  {},\n  year = {{{}}}\n}}\n", c->type, c->key, c->authors, c->title, c->where, c->year);
  }
  return text;
}

std::vector<std::string> knownCitations() {
  std::vector<std::string> keys;
  for (const Citation& c : kCitations) keys.emplace_back(c.key);
  return keys;
}

}  // namespace analysis
