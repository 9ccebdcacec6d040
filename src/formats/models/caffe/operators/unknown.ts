import { adviceByName } from '../../advice';

/** Why a kind of Caffe's layers cannot be computed and what to do, by its type. */
export const adviceFor = adviceByName(
  [
    {
      names: /^(Deconvolution|Unpooling|Convolution3D|Deformable\w*|Im2col)$/,
      text: 'it makes images larger or bends them, which networks that classify do not need; cut the net off before it.',
    },
    {
      names: /^(PriorBox|DetectionOutput|Normalize|ROI\w*|PSROI\w*|Proposal|Yolo\w*|Region)$/,
      text: 'it is for finding objects; only networks that classify are compressed, so cut the net off before it.',
    },
    {
      names: /^(LSTM|RNN|Recurrent|LSTMUnit|Embed)$/,
      text: 'it keeps a state from step to step; only convolutional networks are compressed, so cut the net off before it.',
    },
    {
      names: /^Python$/,
      text: 'it is code of its own and not in the file; replace it by layers of Caffe, or cut the net off before it.',
    },
  ],
  'the studio does not know this kind of layer; replace it by layers of Caffe, or export the network as ONNX.',
);
