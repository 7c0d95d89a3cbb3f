/**
 * The demo model: no language model, but fixed rules that work through simple requests with the
 * tools they are offered. {@code DemoModel} is found by Ensemble; {@code AnswerPlanner} decides
 * what to say next; {@code DemoCall} streams it.
 */
package dev.concert.ensemble.demo;
