/**
 * Puts the services together in one JVM. {@link dev.concert.platform.Platform} runs all of them,
 * {@link dev.concert.platform.EnsembleServer} only the LLM gateway. A configuration file and the
 * provider files that it names become the options of each service here.
 */
package dev.concert.platform;
