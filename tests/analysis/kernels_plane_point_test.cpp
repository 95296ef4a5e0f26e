// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/kernels/plane_point.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "trainer/base/random.h"
#include "trainer/device.h"

namespace analysis::kernels {
namespace {

at::Tensor gaussian(std::int64_t count, std::uint64_t seed, at::ScalarType dtype) {
  at::Tensor t = at::empty({count}, at::kDouble);
  trainer::fillNormal({t.data_ptr<double>(), static_cast<std::size_t>(count)}, seed);
  return t.to(dtype);
}

template <class Real>
class PlanePoint : public ::testing::Test {
 protected:
  static constexpr at::ScalarType kType = std::is_same_v<Real, float> ? at::kFloat : at::kDouble;
  static constexpr std::int64_t kCount = 10'007;  // prime: no vector width, no block size divides it
  const at::Tensor theta0 = gaussian(kCount, 1, kType), d1 = gaussian(kCount, 2, kType), d2 = gaussian(kCount, 3, kType);
  const Real x = Real(-0.7315), y = Real(1.3e-3);

  at::Tensor onCpu(bool slice) const {
    at::Tensor out = at::empty_like(theta0);
    planePointCpu<Real>(out.data_ptr<Real>(), theta0.const_data_ptr<Real>(), d1.const_data_ptr<Real>(), slice ? nullptr : d2.const_data_ptr<Real>(), x, y,
                        kCount);
    return out;
  }
};

using Reals = ::testing::Types<float, double>;
TYPED_TEST_SUITE(PlanePoint, Reals);

// Every product and sum is rounded once in both, in the same order: the bits are equal, no tolerance.
TYPED_TEST(PlanePoint, CpuTwinHasTheBitsOfThePlainExpression) {
  const at::Tensor x = at::scalar_tensor(this->x, this->kType), y = at::scalar_tensor(this->y, this->kType);
  const at::Tensor onX = this->theta0 + this->d1 * x;
  EXPECT_TRUE(at::equal(this->onCpu(false), onX + this->d2 * y));
  EXPECT_TRUE(at::equal(this->onCpu(true), onX));
}

TYPED_TEST(PlanePoint, AtTheOriginIsTheta0) {
  at::Tensor out = at::empty_like(this->theta0);
  planePointCpu<TypeParam>(out.template data_ptr<TypeParam>(), this->theta0.template const_data_ptr<TypeParam>(), this->d1.template const_data_ptr<TypeParam>(),
                           this->d2.template const_data_ptr<TypeParam>(), 0, 0, this->kCount);
  EXPECT_TRUE(at::equal(out, this->theta0));
}

TYPED_TEST(PlanePoint, CudaHasTheBitsOfTheCpuTwin) {
  if (!builtWithCuda()) GTEST_SKIP() << "this build has no CUDA kernels";
  if (trainer::availableDevices().size() < 2) GTEST_SKIP() << "no CUDA device on this machine";
  const at::Device device(at::kCUDA, 0);
  const at::Tensor theta0 = this->theta0.to(device), d1 = this->d1.to(device), d2 = this->d2.to(device);
  for (const bool slice : {false, true}) {
    at::Tensor out = at::empty_like(theta0);
    planePointCuda<TypeParam>(out.template data_ptr<TypeParam>(), theta0.template const_data_ptr<TypeParam>(), d1.template const_data_ptr<TypeParam>(),
                              slice ? nullptr : d2.template const_data_ptr<TypeParam>(), this->x, this->y, this->kCount);
    EXPECT_TRUE(at::equal(out.cpu(), this->onCpu(slice))) << (slice ? "slice" : "plane");
  }
}

TYPED_TEST(PlanePoint, CudaSaysWhatIsMissing) {
  if (trainer::availableDevices().size() > 1 && builtWithCuda()) GTEST_SKIP() << "kernels and a CUDA device are here";
  TypeParam number = 0;
  try {
    planePointCuda<TypeParam>(&number, &number, &number, nullptr, 0, 0, 1);
    FAIL() << "no error without a device";
  } catch (const std::runtime_error& e) {
    EXPECT_NE(std::string(e.what()).find("CUDA"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace analysis::kernels
