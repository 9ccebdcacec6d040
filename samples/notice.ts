import type { Manifest } from './manifest';

/** The README beside the samples: what they are and whose work they stand on. */
export function noticeFor(manifest: Manifest): string {
  const { networks, imageSets } = manifest;
  return `# Built-in samples

Made by the recipe in \`samples/\` (\`npm run samples\`); this page too. Every file's hash, size and numbers are in
\`manifest.json\`.

| file | what it is |
| --- | --- |
${networks.map(networkRow).join('\n')}
| \`${imageSets.calibration.file}\` | ${grouped(imageSets.calibration.count)} labelled images for repair and for choosing ranks |
| \`${imageSets.validation.file}\` | ${grouped(imageSets.validation.count)} labelled images on which accuracy is reported |

The images show the capital letters A to Z, 32×32 RGB: in many fonts, turned, stretched, sheared, in perspective, among
clutter, blurred, under changing light, with disturbed pixels. No font of one set occurs in another, nor in the
${grouped(imageSets.train.count)} training images, which are not shipped. Every set holds each letter equally often,
in random order.

Layout: gzip of CIFAR-10's binary layout, that is per image one label byte (0 = A … 25 = Z) and 1,024 bytes each of red,
green and blue, row by row. Colours have 32 levels per channel, spread over 0 to 255, which is what keeps the files
small; the networks were trained on exactly such images. The networks take
\`(pixel − ${String(manifest.input.mean[0])}) · ${String(manifest.input.scale)}\`, channels in the order ${manifest.input.channelOrder}, ${manifest.input.layout}.

## Licences

Networks and images are this project's own work, under its MIT licence. The letters were drawn with fonts from
\`@fontsource\` packages under the SIL Open Font License 1.1. That licence covers the fonts, not pictures made with them;
no font file is shipped here. The packages:

| package | version | licence | used for |
| --- | --- | --- | --- |
${manifest.sources.map(({ name, version, licence, usedFor }) => `| ${name} | ${version} | ${licence} | ${usedFor} |`).join('\n')}
`;
}

function networkRow({ file, description, parameters, macs, accuracy }: Manifest['networks'][number]): string {
  const size = `${grouped(parameters)} parameters, ${grouped(macs)} MACs`;
  const right = `${grouped(accuracy.correct)} of ${grouped(accuracy.count)} validation images right`;
  return `| \`${file}\` | ${description}; ${size}; ${right} (${(100 * accuracy.fraction).toFixed(1)} %) |`;
}

function grouped(count: number): string {
  return count.toLocaleString('en-GB');
}
