// Judge of a segmentation: cornerstone's adapter loads it onto the grid of its source, and every voxel is compared.
//
//   node adapters.mjs SEG.dcm SOURCES LABELS EXPECT.json
//
// SOURCES  folder of the source images
// LABELS   one byte a voxel, [slice][row][column]
// EXPECT   {"slices": ["instance uid of each slice"], "values": {"segment label": label value}}
import fs from 'node:fs';
import path from 'node:path';
import dcmjs from 'dcmjs';
import { metaData } from '@cornerstonejs/core';
import { adaptersSEG } from '@cornerstonejs/adapters';

const [segmentation, folder, labelFile, expectFile] = process.argv.slice(2);
const read = file => fs.readFileSync(file).buffer.slice(0);
const parse = file => {
  const bytes = fs.readFileSync(file);
  const data = dcmjs.data.DicomMessage.readFile(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  return dcmjs.data.DicomMetaDictionary.naturalizeDataset(data.dict);
};

// 1. What a viewer knows of the source images.
const expect = JSON.parse(fs.readFileSync(expectFile, 'utf8'));
const instances = new Map();
for (const name of fs.readdirSync(folder)) {
  const instance = parse(path.join(folder, name));
  delete instance.PixelData;
  instances.set(instance.SOPInstanceUID, instance);
}
const imageIds = expect.slices.map(uid => `ours:${uid}`);
const modules = {
  instance: i => i,
  generalImageModule: i => ({ sopInstanceUID: i.SOPInstanceUID, sopInstanceUid: i.SOPInstanceUID, instanceNumber: i.InstanceNumber }),
  generalSeriesModule: i => ({ seriesInstanceUID: i.SeriesInstanceUID, modality: i.Modality }),
  imagePixelModule: i => ({ bitsAllocated: 16, bitsStored: 16, highBit: 15, samplesPerPixel: 1, pixelRepresentation: 1,
    photometricInterpretation: 'MONOCHROME2' }),
  imagePlaneModule: i => {
    const o = i.ImageOrientationPatient.map(Number);
    return {
      frameOfReferenceUID: i.FrameOfReferenceUID, rows: i.Rows, columns: i.Columns,
      imageOrientationPatient: o, rowCosines: o.slice(0, 3), columnCosines: o.slice(3), imagePositionPatient: i.ImagePositionPatient.map(Number),
      pixelSpacing: i.PixelSpacing.map(Number), rowPixelSpacing: Number(i.PixelSpacing[0]), columnPixelSpacing: Number(i.PixelSpacing[1]),
    };
  },
};
const added = new Map();
const provider = {
  get: (type, imageId) => added.get(`${type} ${imageId}`) ?? (instances.get(String(imageId).slice(5)) && modules[type]?.(instances.get(imageId.slice(5)))),
  addCustomMetadata: (imageId, type, value) => added.set(`${type} ${imageId}`, value),
};
metaData.addProvider((type, imageId) => provider.get(type, imageId), 10000);

// 2. The adapter, as OHIF calls it.
const bytes = fs.readFileSync(segmentation);
const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
const loaded = await adaptersSEG.Cornerstone3D.Segmentation.createLabelmapsFromDICOMBuffer(imageIds, buffer, provider, { tolerance: 1e-3 });
if (loaded.overlappingSegments) {
  throw new Error('the adapter finds segments that overlap');
}

// 3. Every voxel on the source's grid.
const labels = fs.readFileSync(labelFile);
const valueOf = new Map([[0, 0]]);
for (const segment of loaded.segMetadata.data.filter(Boolean)) {
  valueOf.set(Number(segment.SegmentNumber), expect.values[segment.SegmentLabel] ?? 0);
}
const images = Array.isArray(loaded.labelMapImages[0]) ? loaded.labelMapImages[0] : loaded.labelMapImages;
if (images.length !== expect.slices.length) {
  throw new Error(`${images.length} images for ${expect.slices.length} slices`);
}
let wrong = 0, voxels = 0;
images.forEach((image, slice) => {
  const pixels = image.voxelManager.getScalarData();
  if (image.referencedImageId !== imageIds[slice] || pixels.length * images.length !== labels.length) {
    throw new Error(`image ${slice} is for ${image.referencedImageId}`);
  }
  for (let i = 0; i < pixels.length; i++) {
    wrong += valueOf.get(pixels[i]) !== labels[slice * pixels.length + i] ? 1 : 0;
    voxels += pixels[i] ? 1 : 0;
  }
});
console.log(JSON.stringify({ voxels, wrong, segments: valueOf.size - 1 }));
process.exit(wrong === 0 && voxels > 0 ? 0 : 1);
