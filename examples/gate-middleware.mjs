/**
 * The gate in front of a face recogniser or an onboarding flow, as a middleware for Node's own HTTP server (and for
 * Express, which calls middlewares alike). It sends the selfie to `POST /v1/gate` of a Huoyan service of yours and lets the
 * request through, sets it aside for a person, or answers it. When the service does not answer, nothing passes.
 *
 *   npx huoyan serve                        # the service
 *   node examples/gate-middleware.mjs       # a recogniser behind it, at http://127.0.0.1:8090/enrol
 *   curl -T examples/real-wall.jpg http://127.0.0.1:8090/enrol
 */
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

/**
 * @param {object} options
 * @param {string} [options.service] where Huoyan listens
 * @param {string} [options.key] its key, off the loopback address
 * @param {number} [options.falseReject] share of honest people you accept to turn away, for instance 0.01
 * @param {number} [options.mostBytes] largest selfie
 */
export function huoyanGate({
  service = 'http://127.0.0.1:8080',
  key,
  falseReject = 0.01,
  mostBytes = 8_000_000,
} = {}) {
  return async (request, response, next) => {
    const answer = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const parts = [];
    let size = 0;
    for await (const part of request) {
      size += part.length;
      if (size > mostBytes) return answer(413, { error: 'the picture is too large' });
      parts.push(part);
    }
    const selfie = Buffer.concat(parts);
    const gate = await fetch(`${service}/v1/gate?falseReject=${falseReject}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', ...(key && { authorization: `Bearer ${key}` }) },
      body: selfie,
      signal: AbortSignal.timeout(5000),
    }).then(
      (reply) => (reply.ok ? reply.json() : null),
      () => null,
    );
    if (!gate) return answer(503, { error: 'the check is not available, please try again' });
    if (gate.decision === 'reject') return answer(422, { error: 'this picture cannot be accepted', ...gate });
    request.selfie = selfie;
    request.gate = gate;
    return next();
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const gate = huoyanGate();
  createServer((request, response) =>
    gate(request, response, () => {
      // Here the recogniser would look at request.selfie; what is held waits for a person.
      const { decision, reasons } = request.gate;
      response.writeHead(decision === 'hold' ? 202 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ enrolled: decision === 'pass', decision, reasons }));
    }),
  ).listen(8090, '127.0.0.1', () => console.error('http://127.0.0.1:8090/enrol'));
}
