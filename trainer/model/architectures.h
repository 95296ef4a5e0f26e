// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "trainer/model/layers.h"
#include "trainer/model/model_names.h"

/// The networks behind buildModel(). Start values are PyTorch's defaults where nothing else is said. Each @throws std::invalid_argument
/// when it does not fit the data.
namespace trainer {

/// fc1 .. fcL with the name's widths, {features, hidden ..., classes}; the activation and dropout ("drop1" ...) between them.
std::shared_ptr<const Model> buildMlp(const std::string& name, const MlpName& parsed, Activation activation, const InputShape& input, double dropout);

/// conv1 (3x3, 16, padding 1), conv2 (3x3, 32, padding 1), each with the activation; 2x2 max pool; fc.
std::shared_ptr<const Model> buildCnn(Activation activation, const InputShape& input);

/// conv1 (6, 5x5, padding 2), conv2 (16, 5x5), each with ReLU and 2x2 max pool; fc1 120, fc2 84 with ReLU; fc3.
/// Source: LeCun, Bottou, Bengio, Haffner, Gradient-based learning applied to document recognition, 1998 (ReLU and max pool as is usual now).
std::shared_ptr<const Model> buildLenet(const InputShape& input);

/// conv1, bn1; layer1 (16), layer2 (32, stride 2), layer3 (64, stride 2) of (depth-2)/6 blocks conv1, bn1, conv2, bn2 each; mean over the
/// image; fc. Shortcuts are option A: every second pixel, zeros for the new channels, no parameters. -noshort leaves them out. -nobn leaves the
/// norms out and gives the convolutions biases, so that a resnet20 with its norms folded is a resnet20-nobn.
/// Source: He, Zhang, Ren, Sun, Deep residual learning, 2016, section 4.2.
std::shared_ptr<const Model> buildResnet(const std::string& name, const ResnetName& parsed, Activation activation, const InputShape& input);

/// conv1 (3x3), bn1; layer1 (64) ... layer4 (512, each stage but the first with stride 2) of blocks conv1, bn1, conv2, bn2, with downsample.{0,1}
/// (a 1x1 convolution and a norm) where the shape changes; mean over the image; fc. The form for small images: torchvision's 7x7 convolution with stride 2 and its
/// pooling are left out. Start values: convolutions N(0, 2/fan_out). Source: He et al. 2016, table 1, 18 and 34 layers.
std::shared_ptr<const Model> buildResnet18(const std::string& name, const Resnet18Name& parsed, Activation activation, const InputShape& input);

/// features.N as in torchvision: 3x3 convolutions with biases (and norms: _bn) in five stages, each ending in a 2x2 max pool; the mean over what
/// is left of the image (1x1 for 32x32); dropout ("dropout"); classifier: one linear layer 512 -> classes, the form that is usual for CIFAR.
/// Start values as in torchvision: convolutions N(0, 2/fan_out), classifier N(0, 0.01^2), biases 0. Source: Simonyan, Zisserman, 2015, table 1.
std::shared_ptr<const Model> buildVgg(const std::string& name, const VggName& parsed, Activation activation, const InputShape& input, double dropout);

/// conv1; block1 (16 K), block2 (32 K, stride 2), block3 (64 K, stride 2) of (D-4)/6 pre-activation blocks layer.I.{bn1, conv1, bn2, conv2,
/// convShortcut} with dropout ("blockB.layer.I.dropout") before conv2; bn1; mean over the image; fc. Start values: convolutions N(0, 2/fan_out),
/// fc's bias 0. Source: Zagoruyko, Komodakis, Wide residual networks, 2016.
std::shared_ptr<const Model> buildWrn(const std::string& name, const WrnName& parsed, Activation activation, const InputShape& input, double dropout);

/// cls_token, pos_embed, patch_embed.proj, blocks.I.{norm1, attn.qkv, attn.proj, norm2, mlp.fc1, mlp.fc2}, norm, head; GELU. Dropout: "pos_drop",
/// "blocks.I.attn.proj_drop", "blocks.I.mlp.drop1", "blocks.I.mlp.drop2". cls_token and pos_embed start N(0, 0.02^2).
/// Source: Dosovitskiy et al., An image is worth 16x16 words, 2021.
std::shared_ptr<const Model> buildVit(const std::string& name, const VitName& parsed, const InputShape& input, double dropout);

/// transformer.{wte, wpe, h.I.{ln_1, attn.c_attn, attn.c_proj, ln_2, mlp.c_fc, mlp.c_proj}, ln_f}, lm_head (without bias, not tied to wte); all
/// linear weights [out, in]; GELU; causal. Dropout: "transformer.drop", "transformer.h.I.{attn.attn_dropout, attn.resid_dropout, mlp.dropout}".
/// Start values: weights N(0, 0.02^2), both c_proj N(0, 0.02^2 / (2 layers)), biases 0. Source: Radford et al., 2019.
std::shared_ptr<const Model> buildGpt(const std::string& name, const GptName& parsed, const InputShape& input, double dropout);

}  // namespace trainer
