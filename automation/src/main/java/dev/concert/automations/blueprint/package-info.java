/**
 * Blueprints: automations that are ready but for a few parameters. Each is a file, which has the
 * prompt, the checks and the policy. A {@link dev.concert.automations.blueprint.Blueprint} with the
 * values of its parameters is a task.
 */
package dev.concert.automations.blueprint;
