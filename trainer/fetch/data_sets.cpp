// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <stdexcept>

#include "trainer/fetch/fetch.h"

namespace trainer {
namespace {

// The page MNIST was published on (yann.lecun.com/exdb/mnist) does not serve it any more; this copy of its files is PyTorch's own.
const std::string kMnist = "https://ossci-datasets.s3.amazonaws.com/mnist/";
const std::string kFashion = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/";  // this host knows no https
const std::string kCifar = "https://www.cs.toronto.edu/~kriz/";

FetchSpec mnist() {
  return {"mnist", "idx", {},
          {{kMnist + "train-images-idx3-ubyte.gz", "f68b3c2dcbeaaa9fbdd348bbdeb94873", 9912422, {}},
           {kMnist + "train-labels-idx1-ubyte.gz", "d53e105ee54ea40749a09fcbcd1e9432", 28881, {}},
           {kMnist + "t10k-images-idx3-ubyte.gz", "9fb629c4189551a2d022fa330f9573f3", 1648877, {}},
           {kMnist + "t10k-labels-idx1-ubyte.gz", "ec29112dd5afa0611ce80d1b7f02629c", 4542, {}}}};
}

FetchSpec fashionMnist() {
  return {"fashion-mnist", "idx", {},
          {{kFashion + "train-images-idx3-ubyte.gz", "8d4fb7e6c68d591d4c3dfef9ec88bf0d", 26421880, {}},
           {kFashion + "train-labels-idx1-ubyte.gz", "25c81989df183df01b3e8a0aad5dffbe", 29515, {}},
           {kFashion + "t10k-images-idx3-ubyte.gz", "bef4ecab320f06d8554ea6380940ec79", 4422102, {}},
           {kFashion + "t10k-labels-idx1-ubyte.gz", "bb300cfdad3c16e7a12a480ee83cd310", 5148, {}}}};
}

FetchSpec cifar10() {
  return {"cifar10", "cifar10", {},
          {{kCifar + "cifar-10-binary.tar.gz", "c32a1d4ab5d03f1284b67883e8d87530", 170052171,
            {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin",
             "batches.meta.txt"}}}};
}

FetchSpec cifar100() {
  return {"cifar100", "cifar100", {},
          {{kCifar + "cifar-100-binary.tar.gz", "03b5dce01913d631647c71ecec9e9cb8", 168513733,
            {"train.bin", "test.bin", "fine_label_names.txt", "coarse_label_names.txt"}}}};
}

FetchSpec named(const std::string& name) {
  for (const auto& make : {mnist, fashionMnist, cifar10, cifar100})
    if (FetchSpec spec = make(); spec.name == name) return spec;
  throw std::invalid_argument(fmt::format("the data sets that can be fetched are mnist, fashion-mnist, cifar10 and cifar100, got '{}'", name));
}

}  // namespace

FetchSpec publicDataSet(const std::string& name, const std::string& folder, const std::string& baseUrl) {
  FetchSpec spec = named(name);
  if (folder.empty()) throw std::invalid_argument("the folder to fetch into must have a name");
  spec.folder = folder;
  if (baseUrl.empty()) return spec;
  if (!baseUrl.starts_with("http://") && !baseUrl.starts_with("https://"))
    throw std::invalid_argument(fmt::format("--base-url must start with http:// or https://, got '{}'", baseUrl));
  for (FetchFile& file : spec.files)
    file.url = baseUrl + (baseUrl.ends_with('/') ? "" : "/") + file.url.substr(file.url.rfind('/') + 1);
  return spec;
}

}  // namespace trainer
