/** What the page's words mean, one sentence each; the help lists them, too. */
export const words: Readonly<Record<string, string>> = {
  MACs: 'Multiply-accumulates of one forward pass on one image: the computation that the network takes.',
  Target:
    'The share of the whole network that the smaller one may take; methods choose ranks that stay within it.',
  Layer: 'Every convolution and dense layer of the network, in its order.',
  Rank: 'Filters kept between the two factors of a layer, of the largest useful number: fewer cost less and keep less.',
  Kept: 'Multiply-accumulates that the layer still takes at its rank.',
  Loss: 'Share of its quality that the layer loses at its rank, by its curve: a prediction.',
  Cut: 'Whether rank selection may cut this layer; layers that are switched off stay as they are.',
  'Largest useful rank':
    'Where two factors would cost as much as the layer itself; above it the layer stays whole.',
  'Layers’ curves':
    'How much of its quality each layer keeps at each rank: from its singular values (energy), or measured on selection images. Layers selected together in the table stand out.',
  'Ranks per layer': 'The ranks that two methods choose, side by side, as shares of the largest useful rank.',
  'Singular values':
    'How much each filter between the factors adds to the kernel, from the greatest to the least.',
  'Energy by rank':
    'Share of the sum of the singular values beyond the first that stays at each rank, up to the largest useful one.',
  'One level through all curves':
    'Every line is a layer; each dot is the rank that ENC-Map gives it, where its curve meets the level.',
  'Ranks that are searched':
    'Bars reach from the least to the greatest rank that ENC-Model looks at in each layer, as shares of the largest useful rank.',
  Network:
    'Blocks are layers, as high as what they compute; what is filled is what the first method keeps of it. Dots are where ways come together, triangles where pictures shrink.',
  'Accuracy against MACs':
    'Measured points are solid and carry 95 % intervals; dashed lines are predicted: those plans were not run, the curves place them between plans that were. A click on a method hides it; the bar below the axis shows a part of it.',
  Method: 'A way of choosing one rank per layer; each answers the same target.',
  'Top-1 as cut':
    'Share of report images whose highest score is the right class, just after the layers were cut.',
  'Top-1 repaired':
    'The same after the cut layers were fitted again to the original’s outputs on calibration images, without labels or training.',
  'Agreement as cut': 'Share of report images answered as the original does, just after the layers were cut.',
  'Agreement repaired':
    'The same after the cut layers were fitted again to the original’s outputs on calibration images.',
  Distil:
    'Trains the repaired network towards the original’s answers on the calibration images, without labels, and keeps the state that is closest to it on a fifth of them that is held back.',
  'Divergence by epoch':
    'How far the softened answers on held-back images, changed as those trained on, are from the original’s, in nats, after every time that training went through the others; lower is closer.',
  'Same answers by epoch':
    'Share of held-back images, as they are, that both networks give the same class, after every time that training went through the others.',
  'Same answers':
    'Share of report images on which the smaller network answers what the original answers, right or wrong.',
  Time: 'How much faster one image is answered here than by the original, measured in turns.',
  'Parameters, file': 'Stored numbers against the original’s, and the size of the file.',
};
