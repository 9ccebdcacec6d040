import { describe, expect, it } from 'vitest';
import { installedCodecs } from '../../../cli/codecs';
import { plainPictures } from '../../../cli/testPictures';
import type { ImageSet } from '../../network/images';
import type { NamedFile } from '../file';
import { openImageFiles } from '../images';

const text = (name: string, content: string): NamedFile => ({
  name,
  bytes: new TextEncoder().encode(content),
});

/** UTF-16 with a byte order mark. */
function wide(name: string, content: string, isLittle: boolean): NamedFile {
  const view = new DataView(new ArrayBuffer(2 * content.length + 2));
  [0xfeff, ...Array.from(content, (letter) => letter.charCodeAt(0))].forEach((code, index) =>
    view.setUint16(2 * index, code, isLittle),
  );
  return { name, bytes: new Uint8Array(view.buffer) };
}

/** Opens pictures for a network of so many classes; 0 for no network. */
async function open(
  names: readonly string[],
  side: readonly NamedFile[],
  classes: number,
  classNames: readonly string[] | null = null,
): Promise<ImageSet> {
  const size = { height: 4, width: 4, channels: 3 };
  const files = [...(await plainPictures(...names)), ...side];
  return openImageFiles(files, installedCodecs, classes === 0 ? undefined : { ...size, classes, classNames });
}

const labelsOf = async (...given: Parameters<typeof open>) => [...(await open(...given)).labels!];
const abc = ['set/a.png', 'set/b.png', 'set/c.png'];

describe('tables that say no class', () => {
  const anotherForm =
    'set/t.json: expected a table of file names and labels, or of class names and indices, found JSON of another form; write it like {"a.png": "cat"}.';
  it.each([
    [
      'set/t.csv',
      'image\na.png\nb.png\nc.png\n',
      't.csv: expected a column with the class of each picture, found none beside their names; write rows like "a.png,cat".',
    ],
    ['set/t.json', '{"a.png": {"label": "cat"}}', anotherForm],
    ['set/t.json', '[["a.png", "cat"], "b.png"]', anotherForm],
    ['set/t.json', '4', anotherForm],
  ])('%s of %j is refused', async (name, content, sentence) => {
    const failure = { code: 'invalid-images', message: sentence };
    await expect(open(abc, [text(name, content)], 2)).rejects.toMatchObject(failure);
  });
});

describe('one-hot columns', () => {
  it.for([
    ['Roboflow', 'filename, cat, dog\na.png, 1, 0\nb.png, 0, 1\nc.png, 1, 0\n'],
    ['ISIC and HAM10000', 'image,MEL,NV\na,1.0,0.0\nb,0.0,1.0\nc,1.0,0.0\n'],
    ['truth values', 'image_id,healthy,rust\na,True,False\nb,False,True\nc,True,False\n'],
    ['semicolons and decimal commas', 'id;x;y\na;1,0;0,0\nb;0,0;1,0\nc;1,0;0,0\n'],
    [
      'a class that no picture has, for a network without it',
      'image,MEL,UNK,NV\na,1,0,0\nb,0,0,1\nc,1,0,0\n',
    ],
    ['other columns of ones and zeros beside', 'image,bad,MEL,NV\na,1,1,0\nb,0,0,1\nc,1,1,0\n'],
    ['gaps for zeros', 'image\tMEL\tNV\na\t1\t\nb\t\t1\nc\t1\t\n'],
  ] as const)('%s', async ([, table]) => {
    const images = await open(abc, [text('set/_classes.csv', table)], 2);
    expect([...images.labels!]).toEqual([0, 1, 0]);
    expect(images.labelChoices!.readings[0]).toMatchObject({ column: 'one-hot', order: 'file' });
    expect(images.labelChoices!.table!.columns[0]!.reason).toMatch(/^each row marks one of 2 columns/);
  });

  it('go in the order of the columns, or by name where the network has names', async () => {
    const table = text('set/t.csv', 'image,wren,ant,owl\na,0,0,1\nb,1,0,0\nc,0,1,0\n');
    const images = await open(abc, [table], 3);
    expect([[...images.labels!], images.classNames]).toEqual([
      [2, 0, 1],
      ['wren', 'ant', 'owl'],
    ]);
    expect(images.labelChoices!.readings.map(({ order }) => order)).toEqual(['file', 'text']);
    expect(await labelsOf(abc, [table], 3, ['owl', 'ant', 'wren'])).toEqual([0, 2, 1]);
  });

  it('say where a row marks several classes, and refuse one that marks none', async () => {
    const table = text('set/t.csv', 'image,ant,owl\na,1,1\nb,0,1\nc,1,0\n');
    const { labels, labelChoices } = await open(abc, [table], 2);
    expect([...labels!]).toEqual([0, 1, 0]);
    expect(labelChoices!.notes).toEqual([
      '1 of 3 picture is marked as several classes, of which the first counts, first: set/a.png',
    ]);
    const none = text('set/t.csv', 'image,ant,owl\na,1,0\nb,0,1\nc,0,0\n');
    await expect(open(abc, [none], 2)).rejects.toThrow(
      /^t\.csv: expected a label for every picture, found none for set\/c\.png \(column one-hot\); complete/,
    );
  });

  it('of several folders count together, each for its own', async () => {
    const names = ['set/train/1.png', 'set/train/2.png', 'set/valid/1.png'];
    const tables = [
      text('set/train/_classes.csv', 'filename, cat, dog\n1.png, 1, 0\n2.png, 0, 1\n'),
      text('set/valid/_classes.csv', 'filename, cat, dog\n1.png, 0, 1\n'),
    ];
    expect(await labelsOf(names, tables, 2)).toEqual([0, 1, 1]);
  });
});

describe('the column of the class', () => {
  const four = ['a.png', 'b.png', 'c.png', 'd.png'];
  it.for([
    [
      'HAM10000',
      'lesion_id,image_id,dx,dx_type,age,sex\n1,a,nv,x,50.0,m\n2,b,mel,y,45.0,f\n3,c,nv,x,50.0,f\n4,d,mel,x,45.0,f\n',
      'dx',
    ],
    [
      'a heading far behind',
      'image,sex,split,diagnosis\na,m,1,nv\nb,f,0,mel\nc,m,0,nv\nd,m,0,mel\n',
      'diagnosis',
    ],
    [
      'GTSRB',
      'Width;Height;Path;ClassId\n30;40;x/a.png;1\n31;41;x/b.png;0\n30;42;x/c.png;1\n31;40;x/d.png;0\n',
      'ClassId',
    ],
    [
      'no heading that says so: as many values as classes',
      'image,shelf,kind\na,1.5,nv\nb,2.5,mel\nc,3.5,nv\nd,4.5,mel\n',
      'kind',
    ],
    ['no headings at all', 'a.png,0.73,nv\nb.png,0.12,mel\nc.png,0.99,nv\nd.png,0.42,mel\n', 'column 3'],
    [
      'names that the network knows',
      'file,colour,beast\na,red,nv\nb,blue,mel\nc,red,nv\nd,red,mel\n',
      'beast',
      ['mel', 'nv'],
    ],
    [
      'whole numbers written with a point',
      'image,patient,target\na,p1,1.0\nb,p2,0.0\nc,p3,1.0\nd,p4,0.0\n',
      'target',
    ],
  ] as const)('is found: %s', async ([, table, column, names = null]) => {
    const { labels, labelChoices } = await open(four, [text('t.csv', table)], 2, names);
    expect([...labels!]).toEqual([1, 0, 1, 0]);
    expect(labelChoices!.readings[0]!.column).toBe(column);
    expect(labelChoices!.table!.columns[0]!.reason).not.toBe('');
  });

  it('is one of those that could hold it, and the others are offered', async () => {
    const table = text('t.csv', 'image,diagnosis,sex,age\na,nv,f,50\nb,mel,m,44\nc,nv,f,33\nd,mel,f,21\n');
    const { labelChoices } = await open(four, [table], 2);
    const bySex = labelChoices!.readings.find(({ column }) => column === 'sex')!;
    expect([...bySex.labels]).toEqual([0, 1, 0, 0]);
    expect(labelChoices!.table!.columns).toMatchObject([
      { name: 'diagnosis', problem: null, reason: expect.stringContaining('its heading says so') as string },
      { name: 'sex', problem: null },
      { name: 'age', problem: expect.stringContaining('expected classes numbered from 0 to 1') as string },
    ]);
  });

  it('is not taken where only an unlikely one would do', async () => {
    const table = text('t.csv', 'image,dx,fold\na,nv,0\nb,mel,1\nc,bkl,0\nd,mel,1\n');
    await expect(open(four, [table], 2)).rejects.toThrow(/expected 2 classes.*found 3 \(bkl, mel, nv\)/);
  });

  it('may be a list or a truth value of JSON', async () => {
    const objects = text(
      't.json',
      '[{"f":"a.png","label":true},{"f":"b.png","label":false},{"f":"c.png","label":true}]',
    );
    expect(await labelsOf(abc, [objects], 2)).toEqual([1, 0, 1]);
    const lists = text('t.json', '{"a.png": ["x9", "dog"], "b.png": ["x3", "cat"], "c.png": ["x9", "dog"]}');
    expect(await labelsOf(abc, [lists], 2)).toEqual([1, 0, 1]);
  });

  it('may stand in a text file behind the names', async () => {
    const names = ['val/ILSVRC2012_val_00000001.png', 'val/ILSVRC2012_val_00000002.png'];
    const lines = text('val.txt', 'ILSVRC2012_val_00000001.JPEG 65\nILSVRC2012_val_00000002.JPEG 970\n');
    expect(await labelsOf(names, [lines], 1000)).toEqual([65, 970]);
  });
});

describe('names of pictures in a table', () => {
  const rows = (...names: readonly string[]) =>
    `path,label\n${names.map((name, index) => `${name},${['dog', 'cat', 'dog'][index]}`).join('\n')}\n`;
  it.for([
    ['absolute', ['/content/data/a.png', '/content/data/b.png', '/content/data/c.png']],
    ['from here', ['./a.png', './b.png', './c.png']],
    ['over back-slashes', ['train\\a.png', 'C:\\x\\b.png', '.\\c.png']],
    ['in capitals', ['A.PNG', 'b.PNG', 'C.png']],
    ['without ending', ['a', 'b', 'C']],
    ['with another ending', ['a.jpg', 'x/b.jpeg', 'c.JPG']],
    [
      'as an address',
      ['https://example.org/a.png', 'https://example.org/b.png', 'https://example.org/c.png'],
    ],
  ] as const)('%s', async ([, names]) => {
    expect(await labelsOf(abc, [text('labels.csv', rows(...names))], 2)).toEqual([1, 0, 1]);
  });

  it('by the longest end that names one picture only', async () => {
    const names = ['set/x/1.png', 'set/y/1.png', 'set/y/2.png'];
    const table = text('labels.csv', rows('data/x/1.png', 'data/y/1.png', 'data/y/2.png'));
    expect(await labelsOf(names, [table], 2)).toEqual([1, 0, 1]);
    const unclear = text('labels.csv', rows('1.png', 'y/1.png', '2.png'));
    await expect(open(names, [unclear], 2)).rejects.toThrow(
      /found none for set\/x\/1\.png \(column label\); 1 of 3 rows of labels\.csv names no picture, first: 1\.png/,
    );
  });

  it('that differ in nothing but capitals are told apart', async () => {
    const names = ['A.png', 'a.png', 'b.png'];
    expect(await labelsOf(names, [text('l.csv', 'a.png,0\nA.png,1\nb.png,1\n')], 2)).toEqual([1, 0, 1]);
  });

  it('that are not there are counted, and named where none is', async () => {
    const more = `${rows('a.png', 'b.png', 'c.png')}d.png,cat\ne.png,cat\n`;
    expect((await open(abc, [text('labels.csv', more)], 2)).labelChoices!.notes).toEqual([
      '2 of 5 rows of labels.csv name no picture, first: d.png',
    ]);
    const others = text('labels.csv', rows('/d/x.png', '/d/y.png', '/d/z.png'));
    await expect(open(abc, [others], 2)).rejects.toThrow(
      'labels.csv: expected a table of the pictures beside it, found none of those that its 4 rows name, first "/d/x.png"; open it with the pictures that it is about.',
    );
  });

  it('that several rows name otherwise are counted', async () => {
    const table = text('labels.csv', 'a.png,0\nb.png,0\na.png,1\nc.png,1\n');
    const { labels, labelChoices } = await open(abc, [table], 2);
    expect([...labels!]).toEqual([1, 0, 1]);
    expect(labelChoices!.notes).toEqual([
      '1 picture has several rows, of which the last counts, first: set/a.png',
    ]);
  });
});

describe('encodings of tables', () => {
  const table = 'file,label\na.png,Käse\nb.png,Brot\nc.png,Käse\n';
  it.for([
    ['UTF-8 with a mark', text('l.csv', `\ufeff${table}`)],
    ['UTF-16, low byte first', wide('l.csv', table, true)],
    ['UTF-16, high byte first', wide('l.csv', table, false)],
    ['UTF-16 with tabs, as Excel writes it', wide('l.csv', table.replaceAll(',', '\t'), true)],
    ['Windows-1252', { name: 'l.csv', bytes: Uint8Array.from(table, (letter) => letter.charCodeAt(0)) }],
    ['lines of Windows', text('l.csv', table.replaceAll('\n', '\r\n'))],
    ['lines of old Macintoshes', text('l.csv', table.replaceAll('\n', '\r'))],
  ] as const)('%s', async ([, file]) => {
    const images = await open(abc, [file], 2);
    expect([[...images.labels!], images.classNames]).toEqual([
      [1, 0, 1],
      ['Brot', 'Käse'],
    ]);
  });
});

describe('the order of numbered classes', () => {
  const folders = (...names: readonly (string | number)[]) => names.map((name) => `set/${name}/a.png`);
  /** By order: the folders as the classes 0, 1, 2, … */
  async function orders(names: readonly string[], classes: number): Promise<Record<string, string>> {
    const { labelChoices, labels } = await open(names, [], classes);
    const [first] = labelChoices!.readings;
    expect(first!.labels).toEqual(labels);
    const sorted = [...names].sort();
    return Object.fromEntries(
      labelChoices!.readings.map(({ order, labels: own }) => {
        const byLabel = [...own].map((label, index) => [label, sorted[index]!.split('/')[1]!] as const);
        return [
          order,
          byLabel
            .sort((a, b) => a[0] - b[0])
            .map((entry) => entry[1])
            .join(),
        ];
      }),
    );
  }

  it('may be that of numbers or of texts', async () => {
    const names = folders(...Array.from({ length: 12 }, (_, index) => index));
    expect(await orders(names, 12)).toEqual({
      numeric: '0,1,2,3,4,5,6,7,8,9,10,11',
      text: '0,1,10,11,2,3,4,5,6,7,8,9',
    });
  });

  it('may count from one where no folder is 0', async () => {
    const nine = folders(1, 2, 3, 4, 5, 6, 7, 8, 9);
    expect(Object.keys(await orders(nine, 10))).toEqual(['numeric', 'from-one']);
    const ten = folders(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    expect(await orders(ten, 10)).toEqual({
      'from-one': '1,2,3,4,5,6,7,8,9,10',
      text: '1,10,2,3,4,5,6,7,8,9',
    });
    expect((await open(ten, [], 10)).classNames![0]).toBe('1');
  });

  it('is one and the same where numbers have as many digits, or are few', async () => {
    expect(Object.keys(await orders(folders('00', '01', '02', '10'), 20))).toEqual(['numeric']);
    expect(Object.keys(await orders(folders(0, 1, 2), 3))).toEqual(['numeric']);
  });

  it('is that of the sorted names where numbers count nothing', async () => {
    expect(await orders(folders(5, 30, 200), 3)).toEqual({ text: '200,30,5', natural: '5,30,200' });
    await expect(open(folders(5, 30, 200), [], 4)).rejects.toThrow(
      /^set: expected classes numbered from 0 to 3 or from 1 to 4, or 4 classes of other numbers, .*found "200" and 3 classes/,
    );
  });

  it('of names with numbers, and with capitals, is offered', async () => {
    expect(await orders(folders('c1', 'c2', 'c10'), 3)).toEqual({ text: 'c1,c10,c2', natural: 'c1,c2,c10' });
    expect(await orders(folders('Zebra', 'ant', 'bee'), 3)).toEqual({
      text: 'Zebra,ant,bee',
      caseless: 'ant,bee,Zebra',
    });
  });

  it('in a table counts from one, too', async () => {
    const table = text('set/l.csv', 'file,label\na,3\nb,1\nc,2\n');
    expect(await labelsOf(abc, [table], 3)).toEqual([2, 0, 1]);
  });

  it('is said by a table of indices that may count from one', async () => {
    const map = (content: string) => [text('map.csv', content)];
    const pair = folders('cat', 'dog');
    expect(await labelsOf(pair, map('cat,2\ndog,1\n'), 2)).toEqual([1, 0]);
    const { labelChoices } = await open(pair, map('cat,2\ndog,1\n'), 5);
    expect(labelChoices!.readings.map(({ order, labels }) => [order, ...labels])).toEqual([
      ['mapping', 2, 1],
      ['from-one', 1, 0],
    ]);
  });
});

describe('lists of classes', () => {
  const pictures = ['red/1.png', 'blue/1.png', 'green/1.png'];
  /** Of the pictures in alphabetical order: blue, green, red. */
  const wanted = [1, 2, 0];
  it.for([
    ['a name a line', 'classes.txt', 'red\nblue\ngreen\n'],
    ['Teachable Machine', 'labels.txt', '0 red\n1 blue\n2 green\n'],
    ['numbers in another order', 'labels.txt', '2 green\n0 red\n1 blue\n'],
    ['numbers from one', 'class_names.txt', '1: red\n2: blue\n3: green\n'],
    ['numbers behind', 'categories.txt', 'red 0\nblue 1\ngreen 2\n'],
    ['a list of the right length under any name', 'colours.txt', 'red\nblue\ngreen\n'],
    [
      'Teachable Machine’s metadata',
      'metadata.json',
      '{"tfjsVersion":"1.3","labels":["red","blue","green"],"imageSize":224}',
    ],
    ['a JSON list', 'x.json', '["red", "blue", "green"]'],
    ['Hugging Face', 'config.json', '{"id2label":{"0":"red","1":"blue","2":"green"},"label2id":{"red":0}}'],
    ['index by name', 'x.json', '{"red":0,"blue":1,"green":2}'],
    ['Keras’ index of classes', 'x.json', '{"0":["n01","red"],"1":["n02","blue"],"2":["n03","green"]}'],
    ['index, synset and words', 'x.csv', 'id,synset,name\n0,n01,Red\n1,n02,BLUE\n2,n03,green\n'],
    ['with a mark', 'labels.txt', '\ufeff0 red\n1 blue\n2 green\n'],
  ] as const)('%s', async ([, name, content]) => {
    expect(await labelsOf(pictures, [text(name, content)], 3)).toEqual(wanted);
  });

  it('of synsets match the synset, the words, and each word', async () => {
    const list = text('synset_words.txt', 'n01440764 tench, Tinca tinca\nn01443537 goldfish\nn02 x\n');
    expect(await labelsOf(['n01443537/1.png', 'n01440764/1.png'], [list], 3)).toEqual([0, 1]);
    expect(await labelsOf(['Goldfish/1.png', 'Tinca_tinca/1.png'], [list], 3)).toEqual([1, 0]);
  });

  it('keep names that only end with numbers', async () => {
    const list = text('classes.txt', 'class 2\nclass 1\n');
    expect(await labelsOf(['class 1/a.png', 'class 2/a.png'], [list], 2)).toEqual([1, 0]);
  });

  it('that are longer or shorter than the network’s classes are said', async () => {
    const { labelChoices } = await open(pictures, [text('labels.txt', '0 red\n1 blue\n2 green\n')], 10);
    expect(labelChoices!.notes).toEqual(['labels.txt names 3 classes, the network has 10']);
  });
});
