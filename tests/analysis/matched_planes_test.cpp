// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/comparison/matched_planes.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace analysis {
namespace {

MatchedPlanesSpec spec(const std::string& mode, std::vector<std::string> runs) {
  MatchedPlanesSpec s;
  s.mode = mode, s.runs = std::move(runs);
  s.base.x.size = 9, s.base.y = s.base.x;
  s.base.directionSeed = 7;
  s.base.measure.samples = 100;
  return s;
}

TEST(MatchedPlanes, OwnFiltersAreTheSameDrawInEachRun) {
  const MatchedPlanes p = matchedPlanes(spec("A", {"a", "b", "c"}));
  EXPECT_EQ(p.label, "A own filters");
  ASSERT_EQ(p.surfaces.size(), 3u);
  SurfaceSpec first = p.surfaces[0].spec;
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(p.surfaces[i].run, std::string(1, static_cast<char>('a' + i)));
    EXPECT_EQ(p.surfaces[i].spec.measure.run, p.surfaces[i].run);
    SurfaceSpec same = p.surfaces[i].spec;
    same.measure.run = first.measure.run;
    EXPECT_EQ(same, first) << "the runs' specs differ in the run alone";
    EXPECT_FALSE(p.surfaces[i].savesDirections);
  }
}

TEST(MatchedPlanes, IdenticalDirectionsAreSavedOnceAndReadByTheOthers) {
  MatchedPlanesSpec s = spec("B", {"a", "b", "c"});
  s.baseline = "b", s.names = {"SGD", "SAM", "penalty"};
  const MatchedPlanes p = matchedPlanes(s);
  ASSERT_EQ(p.surfaces.size(), 3u);
  EXPECT_EQ(p.surfaces[0].run, "b") << "the baseline comes first";
  EXPECT_TRUE(p.surfaces[0].savesDirections);
  EXPECT_TRUE(p.surfaces[0].spec.saveDirections.starts_with("b/analyses/directions_"));
  EXPECT_TRUE(p.surfaces[0].spec.directions.empty());
  for (std::size_t i : {1u, 2u}) {
    EXPECT_EQ(p.surfaces[i].spec.directions, p.surfaces[0].spec.saveDirections);
    EXPECT_TRUE(p.surfaces[i].spec.saveDirections.empty());
    EXPECT_NE(p.surfaces[i].sentence.find("vectors of SAM"), std::string::npos);
  }
  s.base.directionSeed = 8;
  EXPECT_NE(matchedPlanes(s).surfaces[0].spec.saveDirections, p.surfaces[0].spec.saveDirections) << "other directions, another file";
  s.directionsFile = "kept.safetensors";
  EXPECT_EQ(matchedPlanes(s).surfaces[1].spec.directions, "kept.safetensors");
}

TEST(MatchedPlanes, OnePlaneHoldsThreeMinimaAndSaysWhatLiesOutside) {
  const MatchedPlanes three = matchedPlanes(spec("C", {"a", "b", "c"}));
  ASSERT_EQ(three.surfaces.size(), 1u);
  EXPECT_EQ(three.surfaces[0].spec.x.kind, "toward:b");
  EXPECT_EQ(three.surfaces[0].spec.y->kind, "toward:c");
  EXPECT_TRUE(three.surfaces[0].spec.fitRange);
  const MatchedPlanes two = matchedPlanes(spec("C", {"a", "b"}));
  EXPECT_EQ(two.surfaces[0].spec.y->kind, "random");
  EXPECT_NE(two.sentence.find("random"), std::string::npos);
  const MatchedPlanes four = matchedPlanes(spec("C", {"a", "b", "c", "d"}));
  EXPECT_EQ(four.surfaces[0].spec.trajectoriesOf, std::vector<std::string>{"d"});
  EXPECT_NE(four.sentence.find("d is not in it"), std::string::npos);
}

TEST(MatchedPlanes, ImpossibleOnesAreRefused) {
  EXPECT_THROW(matchedPlanes(spec("A", {"a"})), std::invalid_argument);
  EXPECT_THROW(matchedPlanes(spec("D", {"a", "b"})), std::invalid_argument);
  MatchedPlanesSpec s = spec("A", {"a", "b"});
  s.baseline = "z";
  EXPECT_THROW(matchedPlanes(s), std::invalid_argument);
  s.baseline.clear();
  s.base.y->kind = "toward:b";
  EXPECT_THROW(matchedPlanes(s), std::invalid_argument) << "b has no direction toward itself";
  s.mode = "B";
  EXPECT_NO_THROW(matchedPlanes(s));
}

}  // namespace
}  // namespace analysis
