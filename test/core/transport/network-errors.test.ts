import { describe, expect, it } from 'vitest';
import { networkFault } from '../../../core/transport/network-errors.ts';

const coded = (code: string, message = 'inner'): Error => Object.assign(new Error(message), { code });
const fault = (thrown: unknown) => networkFault(thrown, 'https://h');

describe('a fault of the network', () => {
  it.each([
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'UND_ERR_CONNECT_TIMEOUT',
  ])('by %s is from before anything was sent', (code) => {
    expect(fault(coded(code))).toMatchObject({
      certain: true,
      error: {
        code: 'USHER_SERVER_UNREACHABLE',
        message: expect.stringMatching(/^cannot reach https:\/\/h: /),
      },
    });
  });

  it.each([
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
    'UND_ERR_SOCKET',
    'UND_ERR_HEADERS_TIMEOUT',
    'UND_ERR_BODY_TIMEOUT',
    'UND_ERR_ABORTED',
    '',
  ])('by %j may be from after it was sent', (code) => {
    expect(fault(coded(code))).toMatchObject({
      certain: false,
      error: {
        code: 'USHER_SERVER_UNREACHABLE',
        message: expect.stringMatching(/^no answer from https:\/\/h: /),
      },
    });
  });

  it.each([
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_SSL_WRONG_VERSION_NUMBER',
  ])('by %s is one of TLS', (code) => {
    expect(fault(coded(code))).toMatchObject({ certain: true, error: { code: 'USHER_TLS' } });
  });

  it.each(['ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC', 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC'])(
    'by %s, which also comes in the middle of an exchange, is no proof that nothing was sent',
    (code) => {
      expect(fault(coded(code))).toMatchObject({ certain: false });
    },
  );

  it('is found at the bottom of its causes', () => {
    const deep = new TypeError('fetch failed', { cause: new Error('middle', { cause: coded('ENOTFOUND') }) });
    expect(fault(deep)).toMatchObject({ certain: true, error: { cause: deep } });
  });

  it('is found among the addresses of a host', () => {
    expect(fault(new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')]))).toMatchObject({
      certain: true,
    });
  });

  it('ends with a circle of causes', () => {
    const circle = coded('ECONNRESET');
    circle.cause = circle;
    expect(fault(circle)).toMatchObject({ certain: false });
  });

  it('reads the first line of a long message', () => {
    expect(fault(new Error('first\nsecond')).error.message).toBe('no answer from https://h: first');
  });

  it.each([undefined, null, 7, 'text', {}])('is uncertain when %o was thrown', (thrown) => {
    expect(fault(thrown)).toMatchObject({ certain: false });
  });
});
