// A modality of dcmjs-dimse that reports procedure steps and asks for storage commitment. It prints one JSON object for each answer.
//
//   node normalized.js mpps HOST PORT SCRIPT       SCRIPT is JSON: [{"verb":"create|set","uid":"...","attributes":{...}}]
//   node normalized.js commit HOST PORT SCRIPT LINGER_MS   SCRIPT is JSON: {"transaction":"...","instances":[{"class":"...","uid":"..."}]}
//   node normalized.js listen PORT                 an SCP that waits for reports of storage commitment
const fs = require('fs');
const dimse = require('dcmjs-dimse');

const MPPS = '1.2.840.10008.3.1.2.3.3';
const COMMITMENT = '1.2.840.10008.1.20.1';
const COMMITMENT_INSTANCE = '1.2.840.10008.1.20.1.1';
const tell = (what) => console.log(JSON.stringify(what));

const [verb, ...args] = process.argv.slice(2);

function send(host, port, requests, lingerMs) {
  const client = new dimse.Client();
  requests.forEach((request) => client.addRequest(request));
  client.on('networkError', (error) => { tell({ error: String(error) }); process.exitCode = 1; });
  client.on('nEventReportRequest', (request, callback) => {
    report(request, 'same association');
    const response = dimse.responses.NEventReportResponse.fromRequest(request);
    response.setStatus(dimse.constants.Status.Success);
    callback(response);
  });
  client.send(host, Number(port), 'CT1', 'APPLIANCE', { associationLingerTimeout: lingerMs });
}

function report(request, where) {
  const elements = request.getDataset().getElements();
  const items = (sequence) => [].concat(sequence ?? []).map((item) => ({
    uid: item.ReferencedSOPInstanceUID, reason: item.FailureReason,
  }));
  tell({
    report: where, event: request.getEventTypeId(), transaction: elements.TransactionUID,
    kept: items(elements.ReferencedSOPSequence), failed: items(elements.FailedSOPSequence),
  });
}

if (verb === 'mpps') {
  const requests = JSON.parse(fs.readFileSync(args[2])).map((step) => {
    const request = step.verb === 'create'
      ? new dimse.requests.NCreateRequest(MPPS, step.uid)
      : new dimse.requests.NSetRequest(MPPS, step.uid);
    request.setDataset(new dimse.Dataset(step.attributes));
    request.on('response', (response) => tell({
      verb: step.verb, status: response.getStatus(), error: response.getErrorComment() ?? null, uid: response.getAffectedSopInstanceUid() ?? null,
    }));
    return request;
  });
  send(args[0], args[1], requests, 0);
} else if (verb === 'commit') {
  const script = JSON.parse(fs.readFileSync(args[2]));
  const request = new dimse.requests.NActionRequest(COMMITMENT, COMMITMENT_INSTANCE, script.action ?? 1);
  request.setDataset(new dimse.Dataset({
    TransactionUID: script.transaction,
    ReferencedSOPSequence: script.instances.map((instance) => ({
      ReferencedSOPClassUID: instance.class, ReferencedSOPInstanceUID: instance.uid,
    })),
  }));
  request.on('response', (response) => tell({ verb: 'action', status: response.getStatus() }));
  send(args[0], args[1], [request], Number(args[3]));
} else {
  class Listener extends dimse.Scp {
    associationRequested(association) {
      association.getPresentationContexts().forEach(({ id }) => {
        const context = association.getPresentationContext(id);
        const taken = context.getAbstractSyntaxUid() === COMMITMENT;
        context.setResult(
          taken ? dimse.constants.PresentationContextResult.Accept : dimse.constants.PresentationContextResult.RejectAbstractSyntaxNotSupported,
          taken ? context.getTransferSyntaxUids()[0] : undefined);
      });
      this.sendAssociationAccept();
    }

    nEventReportRequest(request, callback) {
      report(request, 'new association');
      const response = dimse.responses.NEventReportResponse.fromRequest(request);
      response.setStatus(dimse.constants.Status.Success);
      callback(response);
    }

    associationReleaseRequested() {
      this.sendAssociationReleaseResponse();
    }
  }
  const server = new dimse.Server(Listener);
  server.on('networkError', () => {});
  server.listen(Number(args[0]));
  process.stdin.resume();
  process.stdin.on('end', () => process.exit(0));
}
