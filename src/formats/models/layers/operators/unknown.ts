import { adviceByName } from '../../advice';

/** Why a layer of Keras or TF.js cannot be computed and what to do, by its class. */
export const adviceFor = adviceByName(
  [
    {
      names: /^(Conv\dDTranspose|Conv3D\w*|Depth_?ToSpace|\w*3D)$/,
      text: 'it works on volumes or makes images larger; only networks that classify images and sequences are compressed, so export the part that does.',
    },
    {
      names: /^(LSTM|GRU|SimpleRNN|RNN|Bidirectional|ConvLSTM\w*|\w*Cell|TimeDistributed)$/,
      text: 'it keeps a state from step to step; only convolutional networks are compressed, so export the part before it.',
    },
    {
      names:
        /^(MultiHeadAttention|Attention|AdditiveAttention|Embedding|\w*Encoding|TextVectorization|StringLookup)$/,
      text: 'it is made for text; only convolutional networks are compressed.',
    },
    {
      names: /^Lambda$/,
      text: 'it holds code and no weights; replace it by layers and export the network again.',
    },
    {
      names: /^\w*Normalization$/,
      text: 'the studio normalises by batches and by single positions; export the network as ONNX.',
    },
  ],
  'the studio does not know this layer; replace it by layers of Keras and save the network again, or export it as ONNX.',
);
