import type { Architecture } from './architecture';
import { denseNet121 } from './denseNet121';
import { efficientNetB0 } from './efficientNetB0';
import { inceptionV3 } from './inceptionV3';
import { mobileNetV3Small } from './mobileNetV3Small';
import { regNetY400 } from './regNetY400';
import { shuffleNetV2 } from './shuffleNetV2';

/** The architectures that are checked, cheapest first. */
export const architectures: readonly Architecture[] = [
  mobileNetV3Small,
  shuffleNetV2,
  efficientNetB0,
  regNetY400,
  denseNet121,
  inceptionV3,
];
