// Seeds Math.random by NDLOG_RANDOM_SEED; loaded with `node --require`. The generator is mulberry32.
'use strict';

let state = Number(process.env.NDLOG_RANDOM_SEED) >>> 0;

if (process.env.NDLOG_RANDOM_SEED) {
  Math.random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
