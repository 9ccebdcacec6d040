import { adviceByName } from '../../advice';

/** Why an operator of TensorFlow cannot be computed and what to do, by its name. */
export const adviceFor = adviceByName(
  [
    {
      names:
        /^(Conv2DBackpropInput|Conv3D\w*|DepthToSpace|SpaceToDepth|Dilation2D|BatchToSpaceND|SpaceToBatchND)$/,
      text: 'it works on volumes, makes images larger or bends them; export the part of the network that classifies.',
    },
    {
      names:
        /^(While|StatelessWhile|If|StatelessIf|Switch|Merge|Enter|Exit|NextIteration|TensorList\w*|LoopCond)$/,
      text: 'what it computes depends on the values or on a state; only convolutional networks are compressed, so export the part before it.',
    },
    {
      names: /^(TopKV2|ArgMax|ArgMin|NonMaxSuppression\w*|Where|CropAndResize)$/,
      text: 'it chooses among answers; convert the network without what follows its scores.',
    },
    {
      names: /^(Fill|Range|Tile|BroadcastTo|Size|Rank)$/,
      text: 'it works on sizes that are not known before it runs; convert the network with fixed sizes.',
    },
  ],
  'the studio does not know this operator; convert the network as a LayersModel, or export it as ONNX.',
);
