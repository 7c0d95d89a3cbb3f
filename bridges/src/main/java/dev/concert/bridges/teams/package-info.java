/**
 * Microsoft Teams: activities of the Bot Framework, and its Connector API. Source:
 * https://learn.microsoft.com/azure/bot-service/rest-api.
 *
 * <p>A conversation of Teams has its thread in its id ({@code …;messageid=…}). An activity comes
 * with a token that Microsoft signed for our application; what we send goes to the service of the
 * configuration, never to an address that an activity names, with a token for which the application
 * shows its password. Teams has neither key nor look-up for what was sent.
 */
package dev.concert.bridges.teams;
