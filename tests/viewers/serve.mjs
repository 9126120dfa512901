// OHIF's static build, and Orthanc's DICOMweb under the same origin: node serve.mjs PORT ORTHANC_PORT
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';

const [port, orthanc] = process.argv.slice(2).map(Number);
const root = path.join(import.meta.dirname, 'ohif');
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.json': 'application/json',
  '.svg': 'image/svg+xml', '.png': 'image/png' };
const configuration = `window.config = {
  routerBasename: '/', extensions: [], modes: [], showStudyList: true, investigationalUseDialog: { option: 'never' },
  maxNumberOfWebWorkers: 2, showLoadingIndicator: true, showWarningMessageForCrossOrigin: false, showCPUFallbackMessage: false,
  strictZSpacingForVolumeViewport: true, defaultDataSourceName: 'orthanc',
  dataSources: [{ namespace: '@ohif/extension-default.dataSourcesModule.dicomweb', sourceName: 'orthanc', configuration: {
    friendlyName: 'Orthanc', name: 'orthanc', wadoUriRoot: '/wado', qidoRoot: '/dicom-web', wadoRoot: '/dicom-web',
    qidoSupportsIncludeField: false, supportsReject: false, imageRendering: 'wadors', thumbnailRendering: 'wadors',
    enableStudyLazyLoad: true, supportsFuzzyMatching: false, supportsWildcard: true, omitQuotationForMultipartRequest: true,
    bulkDataURI: { enabled: true } } }],
};`;

const forward = (request, response) => {
  const asked = http.request({ host: '127.0.0.1', port: orthanc, path: request.url, method: request.method,
    headers: { ...request.headers, host: `127.0.0.1:${port}`, forwarded: `host=127.0.0.1:${port};proto=http` } }, answer => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  asked.on('error', () => response.writeHead(502).end());
  request.pipe(asked);
};

http.createServer((request, response) => {
  const wanted = new URL(request.url, 'http://localhost').pathname;
  if (wanted.startsWith('/dicom-web') || wanted.startsWith('/wado')) {
    return forward(request, response);
  }
  if (wanted === '/app-config.js') {
    return response.writeHead(200, { 'content-type': 'text/javascript' }).end(configuration);
  }
  let file = path.join(root, path.normalize(wanted));
  if (!file.startsWith(root) || !fs.existsSync(file) || fs.statSync(file).isDirectory()) {
    file = path.join(root, 'index.html');
  }
  response.writeHead(200, { 'content-type': types[path.extname(file)] ?? 'application/octet-stream',
    'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' });
  fs.createReadStream(file).pipe(response);
}).listen(port, '127.0.0.1', () => console.log('ready'));
