/** The connection to Redis, for Lua scripts, which Redis runs as one step each. */
package dev.concert.foundation.redis;
