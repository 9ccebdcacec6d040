/** Endings of the file that a network is called after, where it comes in several. */
const telling = /\.(onnx|caffemodel|keras|h5|hdf5|json|zip)$/i;
/** Names that every network of a format has; the folder's says more. */
const common = /^(model|network|weights|model\.weights)$/i;

/** What a network is called on the page: its main file's name without ending, or its folder's. */
export function titleOf(paths: readonly string[]): string {
  const path = paths.find((each) => telling.test(each)) ?? paths[0] ?? 'network';
  const parts = path.split('/');
  const stem = parts.at(-1)!.replace(/(?<=.)\.[^.]*$/, '');
  return common.test(stem) ? (parts.at(-2) ?? stem) : stem;
}
