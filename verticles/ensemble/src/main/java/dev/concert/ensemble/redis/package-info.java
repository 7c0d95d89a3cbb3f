/** The connection to Redis, for Lua scripts. */
package dev.concert.ensemble.redis;
