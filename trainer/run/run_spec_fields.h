// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trainer/run/run_spec.h"

namespace trainer {

/// Calls visit(key, help, member) for every flag of a run, in the order of spec.json. The one place where a flag gets its name and its words: json, the command
/// line, its --help and forms go through here. `Spec` is RunSpec or const RunSpec.
template <class Spec, class Visit>
void visitFields(Spec& s, Visit&& visit) {
  visit("data", "digits (built in) | spirals | text (built in) | idx:DIR (MNIST family, .gz or not) | cifar10:DIR | cifar100:DIR | "
        "arrays:DIR (x_train.npy, y_train.npy, x_test.npy, y_test.npy) | text:FILE", s.data);
  visit("data_limit", "first N training items (all)", s.dataLimit);
  visit("validation", "stratified share of the training set that is set aside, 0 <= F < 1", s.validation);
  visit("label_noise", "share of training labels replaced by another class, seeded, 0 <= F <= 1", s.labelNoise);
  visit("augment", "none | standard: crop out of a border of 4 pixels and mirror, images only (standard for cifar, else none)", s.augment);
  visit("mean", "A[,B,C]: replaces the computed mean of pixel/scale, one number a channel; needs --std", s.mean);
  visit("std", "A[,B,C]: replaces the computed deviation of pixel/scale; needs --mean", s.deviation);
  visit("model", "mlp:64-32-10 | cnn | lenet | resnet20, 32, 56, 110 (-nobn, -noshort) | resnet18, 34 | vgg11, 13, 16, 19 (_bn) | wrn-16-4, wrn-28-10 | vit | gpt "
        "(default: digits cnn, 28x28 idx lenet, cifar resnet20, spirals mlp:2-32-32-C, text gpt, others mlp:D-64-C)", s.model);
  visit("activation", "relu | tanh | gelu | softplus, for mlp and cnn", s.activation);
  visit("dropout", "probability, 0 <= p < 1, for mlp, vgg, wrn, vit and gpt", s.dropout);
  visit("loss", "cross-entropy | mse (on one-hot labels, mean over items and classes)", s.loss);
  visit("label_smoothing", "0 <= F < 1, cross-entropy only; in the training objective, not in evaluations", s.labelSmoothing);
  visit("optimizer", "base step: sgd | adam (Kingma, Ba 2015) | adamw (Loshchilov, Hutter 2019) | lion (Chen et al. 2023, alg. 2) | "
        "muon (Jordan 2024, scaled as in Liu et al. 2025, eq. 4; vectors, embeddings and the last layer by adamw)", s.optimizer);
  visit("learning_rate", "eta > 0 (sgd 0.05, adam, adamw and muon 0.001, lion 0.0001)", s.learningRate);
  visit("momentum", "0 <= m < 1: sgd (0.9), muon (0.95)", s.momentum);
  visit("nesterov", "Nesterov's momentum, sgd only", s.nesterov);
  visit("beta1", "0 <= b < 1: adam, adamw, lion, muon (0.9)", s.beta1);
  visit("beta2", "0 <= b < 1: adam, adamw, muon (0.999), lion (0.99)", s.beta2);
  visit("weight_decay", "wd >= 0, over all parameters", s.weightDecay);
  visit("weight_decay_mode", "loss: the loss means + (wd/2) ||theta||^2, inside every gradient (default of sgd, adam) | "
        "decoupled: theta -= eta wd theta before the step (default of adamw, lion, muon)", s.weightDecayMode);
  visit("sharpness", "none | sam (Foret et al. 2021, eq. 2) | asam (Kwon et al. 2021, eq. 5) | penalty (gradient norm: Zhao, Zhang, Hu 2022, eq. 13; sam is "
        "its alpha = 1) | gsam (Zhuang et al. 2022, alg. 1) | looksam (Liu et al. 2022, alg. 1) | friendly-sam (Li et al. 2024, alg. 1)", s.sharpness);
  visit("rho", "radius >= 0 (sam, gsam, looksam, friendly-sam 0.05; asam 0.5; penalty 0.1)", s.rho);
  visit("alpha", "penalty: mix 0..1 (0.8), lambda = alpha rho; gsam: weight of the orthogonal part (0.4); looksam: of the reused part (0.7)", s.alpha);
  visit("perturbation", "gradient: rho g/||g|| | unnormalised: rho g (Andriushchenko, Flammarion 2022, eq. 2) | adaptive: ASAM's | "
        "random: rho z/||z||, z Gaussian (gradient)", s.perturbation);
  visit("perturb_only", "all | weight | bias | norm (norm layers only: SAM-ON, Mueller et al. 2023) (all)", s.perturbOnly);
  visit("perturb_every", "K: the sharpness method on every K-th step, the plain gradient between (1; looksam 5, which reuses its last correction)", s.perturbEvery);
  visit("perturbation_group", "M: perturbation and second gradient per M items of the batch, averaged: m-sharpness (the batch)", s.perturbationGroup);
  visit("reference_term", "penalty: gradient (the paper's formula) | unit (its published code) (gradient)", s.referenceTerm);
  visit("penalty_product", "penalty: difference (the second gradient) | exact (lambda H g/||g|| by double backward) (difference)", s.penaltyProduct);
  visit("asam_eta", "eta >= 0 in T = |w| + eta (0.01)", s.asamEta);
  visit("friendly_sigma", "friendly-sam: weight of the running gradient that is taken off (1)", s.friendlySigma);
  visit("friendly_lambda", "friendly-sam: decay of the running gradient, 0 <= l < 1 (0.9)", s.friendlyLambda);
  visit("penalty_warmup", "none | r (rho t/T) | lambda (alpha t/T, penalty only) | zero (plain until T) (Zhao et al., ICML 2024) (none)", s.penaltyWarmup);
  visit("penalty_warmup_steps", "T >= 1 steps of --penalty-warmup", s.penaltyWarmupSteps);
  visit("schedule", "constant | cosine (to 0) | step (a tenth at 1/2 and again at 3/4 of the steps: He et al. 2016, section 4.2)", s.schedule);
  visit("warmup_steps", "linear warm-up of the rate: eta (t+1)/W in the first W steps", s.warmupSteps);
  visit("clip_norm", "C > 0: g min(1, C/||g||) after combining (off)", s.clipNorm);
  visit("batch_size", "N >= 1 or all (64 for digits, else 128); the last short batch is kept", s.batchSize);
  visit("epochs", "N >= 1 (40 for digits, 100 for spirals, else 10)", s.epochs);
  visit("checkpoint_every", "epochs (so that about 12 are kept; 0 and last always)", s.checkpointEvery);
  visit("ema", "F: also an averaged model, average = F average + (1 - F) theta after each step (off)", s.ema);
  visit("swa_from", "E: also the mean of theta at the end of epochs E, E + 1, ... (Izmailov et al. 2018, alg. 1) (off)", s.swaFrom);
  visit("curvature_every", "E: curvature of the training loss every E epochs, into curvature.csv (off)", s.curvatureEvery);
  visit("curvature_samples", "N training items for it (min(1024, all))", s.curvatureSamples);
  visit("curvature_products", "Hessian products at most, each time, for each measure (30)", s.curvatureProducts);
  visit("curvature_measures", "A[,B...]: lambda-max | lambda-min | trace | batch-sharpness (Andreyev, Beneventano 2024) | critical-sharpness (Kalra et al. 2026) | "
        "directional-sharpness | gradient-share | eigenspace-overlap | preconditioned-lambda-max (adam, adamw) (lambda-max)", s.curvatureMeasures);
  visit("curvature_top", "K eigenvectors of gradient-share and eigenspace-overlap (5)", s.curvatureTop);
  visit("curvature_share", "0 < F < 1: left out where it would bring the share of curvature in all gradients so far above F; a product counts as 2, a forward pass as 1/3 (off)",
        s.curvatureShare);
  visit("seed", "of initialisation, batch order, dropout, augmentation, noise and validation split", s.seed);
  visit("device", "cpu | cuda | cuda:N (default: cuda where there is one)", s.device);
  visit("threads", "CPU threads (default: one a core); bits depend on it", s.threads);
  visit("precision", "float | double", s.precision);
}

}  // namespace trainer
