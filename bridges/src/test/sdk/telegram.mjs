// A well known client against the played Telegram at the address of the first argument.
import { Bot } from "grammy";

const [url, token] = process.argv.slice(2);
const bot = new Bot(token, { client: { apiRoot: url } });
const seen = { texts: [] };
const failed = async (call) => {
  try {
    await call();
    return "no error";
  } catch (e) {
    return `${e.error_code} ${e.description}`;
  }
};
const buttons = { inline_keyboard: [[{ text: "Allow", callback_data: "#1" }]] };

await bot.init();
seen.user = bot.botInfo.username;
seen.webhook = await failed(() => bot.api.getUpdates());
await bot.api.deleteWebhook();
const done = new Promise((resolve) => {
  bot.on("message", async (context) => {
    seen.texts.push(context.message.text);
    if (context.message.text === "two") resolve(context.chat.id);
  });
});
bot.start();
const chat = await done;
seen.draft = await bot.api.sendMessageDraft(chat, 1, "Grü");
seen.group = await failed(() => bot.api.sendMessageDraft(-chat, 1, "Grü"));
seen.number = await failed(() => bot.api.sendMessageDraft(chat, 0, "Grü"));
const sent = await bot.api.sendMessage(chat, "Grüße 🎻", { reply_markup: buttons });
await bot.api.editMessageText(chat, sent.message_id, "changed");
seen.edited = true;
seen.same = await failed(() => bot.api.editMessageText(chat, sent.message_id, "changed"));
seen.tooLong = await failed(() => bot.api.sendMessage(chat, "x".repeat(4097)));
seen.missing = await failed(() => bot.api.editMessageText(chat, 999, "x"));
console.log("LIMIT");
await new Promise((resolve) => process.stdin.once("data", resolve));
seen.limited = await failed(() => bot.api.sendMessage(chat, "x"));
seen.token = await failed(() => new Bot("1009:gone", { client: { apiRoot: url } }).init());
await bot.stop();
console.log(JSON.stringify(seen));
process.exit(0);
