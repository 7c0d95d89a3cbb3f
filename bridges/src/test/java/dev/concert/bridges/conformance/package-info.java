/**
 * What every chat platform has to do, written once: {@link
 * dev.concert.bridges.conformance.ChatConformanceTest} runs on each row of {@link
 * dev.concert.bridges.conformance.PlayedPlatform}.
 */
package dev.concert.bridges.conformance;
