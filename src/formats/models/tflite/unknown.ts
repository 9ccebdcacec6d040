import { adviceByName } from '../advice';

/** Why an operator of TensorFlow Lite cannot be computed and what to do, by its name. */
export const adviceFor = adviceByName(
  [
    {
      names:
        /^(TRANSPOSE_CONV|CONV_3D\w*|DEPTH_TO_SPACE|SPACE_TO_DEPTH|BATCH_TO_SPACE_ND|SPACE_TO_BATCH_ND|MIRROR_PAD)$/,
      text: 'it works on volumes, makes images larger or bends them; convert the part of the network that classifies.',
    },
    {
      names: /^(IF|WHILE|CALL|CALL_ONCE|\w*RNN|\w*LSTM|SVDF|\w*VARIABLE|VAR_HANDLE)$/,
      text: 'what it computes depends on the values or on a state; only convolutional networks are compressed, so convert the part before it.',
    },
    {
      names: /^(TOPK_V2|ARG_MAX|ARG_MIN|NON_MAX_SUPPRESSION_V[45]|WHERE|TFLite_Detection_PostProcess)$/,
      text: 'it chooses among answers; convert the network without what follows its scores.',
    },
    {
      names: /^(FILL|RANGE|TILE|BROADCAST_TO|BROADCAST_ARGS|RANK)$/,
      text: 'it works on sizes that are not known before it runs; convert the network with fixed sizes.',
    },
  ],
  'the studio does not know this operator; convert the network with others, or open the one that it was made from.',
);
