import { loadPart } from '../../../network/parts';
import { startsWith } from '../../content';
import { viewOf, type PictureFormat } from './format';

/** Chunks between a signature and IEND (ISO/IEC 15948); 16 bits are rounded to 8. */
export const png: PictureFormat = {
  id: 'png',
  title: 'PNG',
  detect: (bytes) => startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  size: (bytes) => ({ width: viewOf(bytes).getUint32(16), height: viewOf(bytes).getUint32(20) }),
  endsEarly: (bytes) => {
    const view = viewOf(bytes);
    // Length, name, content and checksum.
    for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at))
      if (startsWith(bytes, 'IEND', at + 4)) return false;
    return true;
  },
  start: async (source) => {
    const module = await WebAssembly.compile(await source('png'));
    const { init, decode } = await loadPart(
      'the decoder of PNG pictures',
      () => import('@jsquash/png/decode.js'),
    );
    await init(module);
    return (bytes) => decode(bytes.slice().buffer);
  },
};
