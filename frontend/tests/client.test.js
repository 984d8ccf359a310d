import assert from "node:assert/strict";
import { test } from "node:test";
import { pauseBefore, Refused, Unreachable } from "../lib/client.js";

/**
 * @param {number} status
 * @param {number | null} retry_after_s
 */
function refused(status, retry_after_s = null) {
  return new Refused({ title: "", status, detail: "", request_id: "", errors: [], retry_after_s });
}

test("a busy server is asked again, later each time, and never before it says", () => {
  assert.ok(pauseBefore(refused(503), 1) < pauseBefore(refused(503), 2));
  assert.ok(pauseBefore(refused(429), 1) < pauseBefore(refused(429), 9));
  assert.equal(pauseBefore(refused(503, 7), 1), 7000);
  assert.ok(pauseBefore(new Unreachable("no"), 1) < 1000);
});

test("what another try would not change is not asked again", () => {
  for (const status of [400, 404, 422, 500, 504]) {
    assert.equal(pauseBefore(refused(status), 1), Number.POSITIVE_INFINITY);
  }
  assert.equal(pauseBefore(new TypeError("a mistake"), 1), Number.POSITIVE_INFINITY);
});
