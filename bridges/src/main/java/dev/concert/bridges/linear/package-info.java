/**
 * Linear: agent sessions. A session begins where somebody mentions the agent or delegates an issue
 * to it; what the agent does is shown as activities.
 *
 * <p>An activity has an id of ours, so that it is there once however often it is sent. It cannot be
 * changed: what would be a change elsewhere is one more activity.
 */
package dev.concert.bridges.linear;
