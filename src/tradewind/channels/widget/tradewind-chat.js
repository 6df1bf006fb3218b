/* Tradewind chat: <tradewind-chat server="https://chat.example.com" market="de" language="de"></tradewind-chat>
	 No dependency, no build. Everything that is said enters the page as text, never as HTML. */
(() => {
"use strict";

const SCRIPT_ORIGIN = document.currentScript?.src ? new URL(document.currentScript.src).origin : location.origin;
const RETRY_MS = [500, 1000, 2000, 4000, 8000, 15000, 30000];
const POLL_MS = 3000;
const BEAT_MS = 20000;
const RENEW_MS = 6 * 3600000;
const THINKING_MS = 30000;
const LONGEST = 4000;

const KEYS = "title open close field send hello you assistant agent typing online connecting offline waiting refused again person".split(" ");

/** The interface's own texts, in the order of KEYS. What is said comes from the server. */
const WORDS = {
	en: ["Chat with us", "Open chat", "Close chat", "Your message", "Send", "Hello! How can we help you today?", "You",
		"Assistant", "Our team", "Writing…", "We are here for you", "Connecting…",
		"No connection. Your messages will be sent as soon as it is back.", "Waiting to be sent", "Not sent", "Try again",
		"Speak to a person"],
	zh: ["在线客服", "打开聊天", "关闭聊天", "请输入消息", "发送", "您好！请问有什么可以帮您？", "您", "智能助手", "人工客服", "正在输入…", "随时为您服务", "正在连接…",
		"网络已断开，恢复后会自动发送您的消息。", "等待发送", "未发送", "重试", "转人工"],
	de: ["Chat mit uns", "Chat öffnen", "Chat schließen", "Ihre Nachricht", "Senden",
		"Guten Tag! Wie können wir Ihnen helfen?", "Sie", "Assistent", "Unser Team", "Schreibt …", "Wir sind für Sie da",
		"Verbindung wird aufgebaut …", "Keine Verbindung. Ihre Nachrichten werden gesendet, sobald sie wieder da ist.",
		"Wartet auf Versand", "Nicht gesendet", "Erneut versuchen", "Mit einem Menschen sprechen"],
	es: ["Hable con nosotros", "Abrir el chat", "Cerrar el chat", "Su mensaje", "Enviar",
		"¡Hola! ¿En qué podemos ayudarle?", "Usted", "Asistente", "Nuestro equipo", "Escribiendo…",
		"Estamos a su disposición", "Conectando…", "Sin conexión. Sus mensajes se enviarán en cuanto vuelva.",
		"Pendiente de envío", "No enviado", "Reintentar", "Hablar con una persona"],
	ja: ["チャットでお問い合わせ", "チャットを開く", "チャットを閉じる", "メッセージ", "送信", "こんにちは。ご用件をお聞かせください。", "お客様", "アシスタント", "担当者", "入力中…",
		"いつでもご相談ください", "接続しています…", "接続が切れました。復旧しだいメッセージを送信します。", "送信待ち", "送信できませんでした", "再試行", "担当者と話す"],
	ar: ["تحدّث معنا", "فتح المحادثة", "إغلاق المحادثة", "رسالتك", "إرسال", "مرحبًا! كيف يمكننا مساعدتك اليوم؟", "أنت",
		"المساعد", "فريقنا", "جارٍ الكتابة…", "نحن هنا من أجلك", "جارٍ الاتصال…",
		"لا يوجد اتصال. ستُرسل رسائلك فور عودته.", "بانتظار الإرسال", "لم تُرسل", "إعادة المحاولة", "التحدّث إلى موظف"],
};

const ICONS = {
	chat: "M4 4h16a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1h-8l-5 4v-4H4a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1z",
	close: "M6 6l12 12M18 6L6 18",
	send: "M4 12l16-8-5 16-4-6z",
	person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-8 8c1-4 4-6 8-6s7 2 8 6",
};

const STYLE = `
:host {
	color-scheme: light dark;
	--accent: var(--tradewind-accent, light-dark(#12506b, #7cc4e2)); --on-accent: var(--tradewind-on-accent, light-dark(#fff, #0c2530));
	--paper: var(--tradewind-background, light-dark(#fff, #172127)); --ink: var(--tradewind-text, light-dark(#17242b, #e6edf1));
	--soft: var(--tradewind-soft, light-dark(#566872, #9fb0ba)); --line: var(--tradewind-line, light-dark(#d5dee3, #33434c));
	--theirs: var(--tradewind-bubble, light-dark(#eef3f6, #22303a)); --bad: light-dark(#a33022, #f29a8b);
	--head: light-dark(var(--accent), #1d3a48); --on-head: light-dark(var(--on-accent), #e6edf1);
	--radius: var(--tradewind-radius, 14px); --edge: var(--tradewind-edge, 20px);
	font: 15px/1.45 var(--tradewind-font, system-ui, "Noto Sans", sans-serif);
	position: fixed; inset-block-end: var(--edge); inset-inline-end: var(--edge); z-index: var(--tradewind-layer, 2147483000);
	color: var(--ink); text-align: start;
}
:host([theme=light]) { color-scheme: light; }
:host([theme=dark]) { color-scheme: dark; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
button, textarea { font: inherit; color: inherit; }
button { cursor: pointer; border: 0; background: none; padding: 0; }
svg { width: 1.5em; fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; display: block; }
.launch, .mine .text, .go { background: var(--accent); color: var(--on-accent); }
.launch, .icon, .go { display: grid; place-items: center; }
.icon, .go, .rate button { min-width: 44px; min-height: 44px; border-radius: 10px; }
.launch { position: relative; width: 60px; height: 60px; border-radius: 50%; box-shadow: 0 4px 16px #0004; margin-inline-start: auto; }
.count { position: absolute; inset-block-start: -4px; inset-inline-end: -4px; min-width: 22px; padding: 0 6px; border-radius: 11px; background: #b3261e; color: #fff; font-size: 13px; line-height: 22px; }
.panel { position: absolute; inset: auto 0 74px auto; margin: 0; padding: 0; color: inherit; max-width: none; max-height: none; width: min(392px, calc(100vw - 2 * var(--edge))); height: min(640px, calc(100dvh - 120px)); background: var(--paper); border: 1px solid var(--line); border-radius: var(--radius); box-shadow: 0 12px 40px #0003; overflow: hidden; }
.rtl .panel { inset: auto auto 74px 0; }
.panel[open], .log, .said { display: flex; flex-direction: column; }
header { display: flex; align-items: center; background: var(--head); color: var(--on-head); padding-block: 10px; padding-inline: 16px 6px; }
header div { flex: 1; min-width: 0; }
h2, p { margin: 0; font-size: 13px; }
h2 { font-size: 16px; font-weight: 650; }
.log { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 16px; gap: 10px; }
.log > :first-child { margin-block-start: auto; }
.said { max-width: 85%; align-self: start; align-items: start; gap: 3px; }
.text, .typing { padding: 9px 13px; border-radius: var(--radius); background: var(--theirs); }
.text { font-size: 15px; border-end-start-radius: 4px; white-space: pre-wrap; overflow-wrap: anywhere; }
.mine { align-self: end; align-items: end; }
.mine .text { border-radius: var(--radius); border-end-end-radius: 4px; }
.person .text { box-shadow: inset 0 0 0 1px var(--accent); }
.quote .text { border-inline-start: 4px solid var(--accent); }
.system { align-self: center; align-items: center; text-align: center; }
.system .text { background: none; color: var(--soft); font-size: 13px; padding: 2px; }
.new .text { animation: pour .45s; mask: linear-gradient(#000 50%, #0000) 0 0 / 100% 220%; }
@keyframes pour { from { mask-position: 0 100%; } }
.who, .link, .mark { font-size: 12px; color: var(--soft); padding-inline: 4px; overflow-wrap: anywhere; }
.link, .mark button { color: var(--accent); text-decoration: underline; }
.mark button { padding: 4px; }
.bad { color: var(--bad); }
.choices { display: flex; flex-wrap: wrap; gap: 8px; padding-block-start: 5px; }
.choices button { border: 1.5px solid var(--accent); color: var(--accent); border-radius: 99px; padding: 6px 15px; min-height: 40px; text-align: start; }
.choices :hover:enabled { background: var(--theirs); }
.choices :disabled { border-color: var(--line); color: var(--soft); cursor: default; }
.choices [aria-pressed=true] { border-color: var(--accent); color: var(--ink); }
.typing { align-self: start; display: flex; gap: 5px; padding: 14px; }
i { width: 7px; height: 7px; border-radius: 50%; background: var(--soft); animation: hop 1.2s infinite; }
i + i { animation-delay: .15s; }
i + i + i { animation-delay: .3s; }
@keyframes hop { 30% { transform: translateY(-4px); } 60% { transform: none; } }
.choices.rate { gap: 2px; }
.choices.rate button { border: 0; font-size: 26px; padding: 0; }
.rate button:is(:hover, :focus-visible, [aria-pressed=true]), .rate button:has(~ :is(:hover, :focus-visible, [aria-pressed=true])) { color: #d98a00; }
form { border-block-start: 1px solid var(--line); display: flex; gap: 8px; align-items: end; padding: 10px; }
textarea { flex: 1; font-size: 16px; background: var(--paper); border: 1px solid var(--soft); border-radius: 10px; padding: 9px 12px; resize: none; max-height: 130px; min-height: 44px; min-width: 0; }
.rtl .go svg { transform: scaleX(-1); }
.out { position: absolute; width: 1px; height: 1px; clip-path: inset(50%); overflow: hidden; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
header :focus-visible, .go:focus-visible { outline-color: currentColor; outline-offset: -4px; }
.log:focus-visible { outline-offset: -3px; }
@media (max-width: 480px) { .panel, .rtl .panel { position: fixed; inset: 0; width: 100%; height: 100dvh; border: 0; border-radius: 0; } }
@media (prefers-contrast: more) { .root { --soft: var(--ink); --line: var(--ink); } .text { outline: 1px solid; } }
@media (forced-colors: active) { .launch, .said:not(.system) .text, .go, header, .typing { border: 1px solid; } i { background: CanvasText; } .mine .text.text { border: 3px double; } }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; } }
`;

/** `make("p", {class: "x", hidden: true, onclick}, "text", child…)`: strings become text nodes. */
function make(tag, given = {}, ...children) {
	const made = document.createElement(tag);
	for (const [name, value] of Object.entries(given)) {
		if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
		else if (value === true) made.setAttribute(name, "");
		else if (value !== false && value != null) made.setAttribute(name, value);
	}
	made.append(...children);
	return made;
}

function button(look, onclick, ...children) {
	return make("button", {class: look, type: "button", onclick}, ...children);
}

function icon(name) {
	const space = "http://www.w3.org/2000/svg";
	const drawn = document.createElementNS(space, "svg");
	const path = document.createElementNS(space, "path");
	path.setAttribute("d", ICONS[name]);
	drawn.setAttribute("viewBox", "0 0 24 24");
	drawn.setAttribute("aria-hidden", "true");
	drawn.append(path);
	return drawn;
}

function safeLink(address) {
	try {
		const url = new URL(address);
		return url.protocol === "https:" ? url.href : null;
	} catch {
		return null;
	}
}

/** randomUUID is there on https only; a widget is tried out on http too. */
function newId() {
	return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, "0")).join("");
}

/** What is kept over a reload; where the browser keeps nothing, in memory only. */
class Kept {
	constructor(name) {
		this.name = name;
		this.memory = {};
	}

	get all() {
		try {
			return JSON.parse(localStorage.getItem(this.name)) || this.memory;
		} catch {
			return this.memory;
		}
	}

	write(changes) {
		this.memory = {...this.all, ...changes};
		try {
			localStorage.setItem(this.name, JSON.stringify(this.memory));
		} catch {}
	}
}

/** The conversation itself: one place that sends, follows and comes back. It tells the page what it hears.

	Messages that wait are kept with the name that the sender gave them (`client_id`): whatever is sent twice is taken
	once. What arrives is shown in the order of its numbers; a gap is fetched before what follows it is shown. */
class Line {
	constructor(page, kept) {
		Object.assign(this, {page, kept, server: page.server});
		this.last = 0;
		this.failures = 0;
		this.running = false;
	}

	get id() { return this.kept.all.id; }
	get outbox() { return this.kept.all.outbox || []; }

	start() {
		if (this.running) return;
		this.running = true;
		this.ending = new AbortController();
		const {signal} = this.ending;
		addEventListener("online", () => this.retryNow(), {signal});
		addEventListener("offline", () => this.page.tell("offline"), {signal});
		addEventListener("storage", () => this.retryNow(), {signal});
		document.addEventListener("visibilitychange", () => this.retryNow(), {signal});
		this.beating = setInterval(() => this.beat(), BEAT_MS);
		if (this.id) this.follow();
		if (this.outbox.length) this.flush();
	}

	stop() {
		this.running = false;
		this.ending?.abort();
		clearInterval(this.beating);
		clearTimeout(this.timer);
		clearTimeout(this.flushing);
		this.socket?.close();
		this.socket = null;
	}

	async ask(path, body) {
		const headers = {Accept: "application/json"};
		const bearer = this.kept.all.token || this.page.getAttribute("key");
		if (bearer) headers.Authorization = `Bearer ${bearer}`;
		if (body) headers["Content-Type"] = "application/json";
		const answer = await fetch(this.server + path, {
			method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body), credentials: "omit",
			signal: AbortSignal.timeout(30000),
		});
		const document = await answer.json().catch(() => ({}));
		if (!answer.ok) {
			const passing = answer.status >= 500 || answer.status === 429 || answer.status === 408;
			throw Object.assign(new Error(document.detail || answer.statusText), {
				status: answer.status, passing, after: 1000 * Number(answer.headers.get("Retry-After") || 0),
			});
		}
		return document;
	}

	/** Put a text into the queue; it leaves as soon as it can. */
	send(text) {
		const waiting = {text, client_id: newId()};
		this.kept.write({outbox: [...this.outbox, waiting]});
		this.flush();
		return waiting;
	}

	forget(clientId) { this.kept.write({outbox: this.outbox.filter(each => each.client_id !== clientId)}); }

	note(clientId, refused) {
		this.kept.write({outbox: this.outbox.map(each => (each.client_id === clientId ? {...each, refused} : each))});
	}

	again(clientId) {
		this.note(clientId, false);
		this.flush();
	}

	/** Send what waits, one after the other so that they arrive in order; one run at a time. */
	async flush() {
		if (this.sending) return;
		this.sending = true;
		clearTimeout(this.flushing);
		let tries = 0;
		try {
			for (let next; (next = this.outbox.find(each => !each.refused)) && this.running; ) {
				try {
					if (!this.id) await this.begin();
					this.page.think(true);
					const {messages = []} = await this.ask(`/v1/conversations/${this.id}/messages`, {text: next.text, client_id: next.client_id});
					tries = 0;
					this.page.think(false);
					this.page.tell("online");
					this.forget(next.client_id);
					this.take(messages);
				} catch (error) {
					this.page.think(false);
					if (this.id && [401, 403, 404].includes(error.status)) {
						this.lose();  // begin anew with what waits
						if (tries++ < 2) continue;
					}
					if (error.status && !error.passing) {
						this.note(next.client_id, true);
						this.page.refuse(next, error.message);
						continue;
					}
					this.page.tell("offline");
					await new Promise(resolve => {
						this.skip = resolve;
						this.flushing = setTimeout(resolve, error.after || this.pause(tries++));
					});
				}
			}
		} finally {
			this.sending = false;
		}
	}

	/** The server knows the conversation no more. */
	lose() { this.kept.write({id: null, token: null}); }

	/** Begin a conversation, once however often it is asked for. */
	begin() {
		this.beginning ||= this.ask("/v1/conversations", this.page.about()).then(made => {
			this.kept.write({id: made.id, token: made.token, expires: made.expires, read: 0});
			this.last = 0;
			this.show(made.messages);
			this.follow();
		}).finally(() => (this.beginning = null));
		return this.beginning;
	}

	pause(tries) {
		return RETRY_MS[Math.min(tries, RETRY_MS.length - 1)] * (0.75 + Math.random() / 2);
	}

	/** Listen by WebSocket; each time that it ends, ask once over HTTP, so that a network without WebSockets works too. */
	follow() {
		this.timer = clearTimeout(this.timer);
		this.socket?.close();
		if (!this.running || !this.id) return;
		const address = new URL(`${this.server}/v1/conversations/${this.id}/live`, location.href);
		address.protocol = address.protocol.replace("http", "ws");
		address.searchParams.set("after", this.last);
		const {token, expires} = this.kept.all;
		const socket = new WebSocket(address, token ? ["tradewind", token] : ["tradewind"]);
		this.socket = socket;
		if (Date.parse(expires) - Date.now() < RENEW_MS) this.renew();
		socket.onopen = () => {
			if (socket !== this.socket) return;
			this.failures = 0;
			this.alive = Date.now();
			this.page.tell("online");
			this.skip?.();
		};
		socket.onmessage = event => {
			this.alive = Date.now();
			const frame = JSON.parse(event.data);
			if (socket === this.socket && frame.type === "message") this.take([frame]);
		};
		socket.onclose = () => socket === this.socket && this.lost();
	}

	/** Another token, well before the one in use ends. */
	async renew() {
		try {
			const {token, expires} = await this.ask(`/v1/conversations/${this.id}/token`, {});
			this.kept.write({token, expires});
		} catch {}
	}

	/** A line may die without a word: one that does not answer is given up. */
	beat() {
		if (this.socket?.readyState !== WebSocket.OPEN) return;
		if (Date.now() - this.alive > 2.5 * BEAT_MS) return this.socket.close(), this.lost();
		this.socket.send('{"type": "ping"}');
	}

	async lost() {
		this.socket = null;
		if (!this.running) return;
		const tries = this.failures++;
		if (tries === 0) this.page.tell("connecting");
		const reached = await this.fetchNew();
		if (!this.running || this.socket) return;
		this.page.tell(reached ? "online" : "offline");
		this.timer = setTimeout(() => this.follow(), reached && tries > 1 ? POLL_MS : this.pause(tries));
	}

	retryNow() {
		if (document.visibilityState === "hidden" || !navigator.onLine) return;
		this.skip?.();
		if (!this.socket && this.id) this.follow();
	}

	async fetchNew() {
		try {
			const {messages = []} = await this.ask(`/v1/conversations/${this.id}/messages?after=${this.last}`);
			this.show(messages);
			return true;
		} catch (error) {
			if (!error.status || error.passing) return false;
			this.lose();
			return true;
		}
	}

	/** Messages as they come by any way: what is known already is left out, and nothing overtakes. */
	async take(messages) {
		const first = messages.find(each => each.number > this.last);
		if (first && first.number > this.last + 1) await this.fetchNew();
		this.show(messages);
	}

	show(messages) {
		for (const message of messages.toSorted((one, other) => one.number - other.number)) {
			if (message.number <= this.last || message.note) continue;
			this.last = message.number;
			if (message.client_id) this.forget(message.client_id);
			this.page.take(message);
		}
	}
}

class TradewindChat extends HTMLElement {
	static observedAttributes = ["language", "heading", "greeting", "server", "market", "conversation"];

	connectedCallback() {
		if (!this.shadowRoot) this.build();
		this.label();
		this.join();
		if (this.hasAttribute("open") || this.kept.all.open) this.open({focus: false});
	}

	disconnectedCallback() { this.line.stop(); }

	attributeChangedCallback(name, before, after) {
		if (!this.isConnected || !this.shadowRoot || before === after) return;
		if (["server", "market", "conversation"].includes(name)) this.join();
		else this.label();
	}

	get server() { return (this.getAttribute("server") || SCRIPT_ORIGIN).replace(/\/+$/, ""); }
	get language() { return this.getAttribute("language") || document.documentElement.lang || navigator.language || "en"; }
	get market() { return this.getAttribute("market") || undefined; }
	get hello() { return this.getAttribute("greeting") || this.words.hello; }
	get spoken() { return [this.language, this.language.split("-")[0], "en"].find(each => each in WORDS); }
	get words() { return Object.fromEntries(KEYS.map((key, at) => [key, WORDS[this.spoken][at]])); }

	build() {
		const root = this.attachShadow({mode: "open"});
		const sheet = new CSSStyleSheet();  // needs no leave of a content security policy, as a style element would
		sheet.replaceSync(STYLE);
		root.adoptedStyleSheets = [sheet];
		this.count = make("span", {class: "count", hidden: true});
		this.launch = button("launch", () => (this.panel.open ? this.close() : this.open()), icon("chat"), this.count);
		this.heading = make("h2", {id: "title"});
		this.state = make("p", {role: "status"});
		this.person = button("icon", () => this.say(this.words.person), icon("person"));
		this.closer = button("icon", () => this.close(), icon("close"));
		this.log = make("div", {class: "log", role: "log", tabindex: 0});
		this.dots = make("div", {class: "typing", hidden: true}, make("i"), make("i"), make("i"));
		this.field = make("textarea", {rows: 1, maxlength: LONGEST, dir: "auto", enterkeyhint: "send", oninput: () => this.grow(), onkeydown: event => this.key(event)});
		this.go = make("button", {class: "go", type: "submit"}, icon("send"));
		const form = make("form", {onsubmit: event => { event.preventDefault(); this.submit(); }}, this.field, this.go);
		this.panel = make("dialog", {class: "panel", "aria-labelledby": "title", tabindex: -1, oncancel: event => { event.preventDefault(); this.close(); }},
			make("header", {}, make("div", {}, this.heading, this.state), this.person, this.closer),
			this.log, form);
		this.panel.addEventListener("keydown", event => event.key === "Escape" && !event.isComposing && (event.stopPropagation(), this.close()));
		this.root = make("div", {class: "root"}, this.panel, this.launch);
		root.append(this.root);
	}

	/** All interface texts, in the language of the page. */
	label() {
		const words = this.words;
		this.root.lang = this.spoken;
		const rtl = this.root.lang === "ar";
		this.root.classList.toggle("rtl", rtl);
		this.root.dir = this.dir = rtl ? "rtl" : "ltr";  // the corner where it floats follows the direction too
		this.heading.textContent = this.getAttribute("heading") || words.title;
		this.person.ariaLabel = this.person.title = words.person;
		this.field.ariaLabel = this.field.placeholder = words.field;
		this.closer.ariaLabel = words.close;
		this.go.ariaLabel = words.send;
		this.log.ariaLabel = words.title;
		this.tell();
		this.badge();
		if (this.greeting) this.greeting.querySelector(".text").textContent = this.hello;
	}

	/** Take up the conversation that this browser has with this server and market, if there is one. */
	join() {
		this.line?.stop();
		const given = this.getAttribute("conversation");  // that the business began for a customer whom it knows
		this.kept = new Kept(`tradewind:${this.server}:${given || this.market}`);
		if (given) this.kept.write({id: given, token: this.getAttribute("token")});
		this.unread = 0;
		this.shown = new Map();  // what waits, by client_id
		this.titles = new Map();  // of choices: pressing one sends its payload
		this.log.replaceChildren();
		this.log.ariaLive = "off";  // what was said before is no news
		this.greeting = this.bubble({author: "assistant", text: this.hello});
		this.log.append(this.greeting, this.dots);
		this.line = new Line(this, this.kept);
		this.tell(this.line.id ? "connecting" : "online");
		for (const waiting of this.line.outbox) this.pend(waiting);
		this.line.start();
		setTimeout(() => (this.log.ariaLive = "polite"), 1500);
	}

	about() { return {language: this.language, market: this.market}; }

	open({focus = true} = {}) {
		if (this.panel.open) return;
		const small = matchMedia("(max-width: 480px)").matches;
		if (small && focus) this.panel.showModal();  // it covers the page: the page behind takes no focus
		else if (small) return;
		else this.panel.show();
		this.kept.write({open: true});
		this.read();
		this.badge();
		this.down();
		if (!this.line.id) this.line.begin().catch(() => {});  // the business greets; if not now, then with the first message
		if (focus) (matchMedia("(pointer: coarse)").matches ? this.panel : this.field).focus();
		else if (this.shadowRoot.activeElement) this.shadowRoot.activeElement.blur();
	}

	close() {
		this.panel.close();
		this.kept.write({open: false});
		this.badge();
		this.launch.focus();
	}

	key(event) {
		// While an input method composes, Enter chooses characters and must not send.
		if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
			event.preventDefault();
			this.submit();
		}
	}

	submit() {
		const text = this.field.value.trim();
		if (!text) return this.field.focus();
		this.field.value = "";
		this.grow();
		this.say(text);
		this.field.focus();
	}

	say(text) {
		this.pend(this.line.send(text));
		this.down();
	}

	grow() {
		this.field.style.height = "auto";
		this.field.style.height = `${this.field.scrollHeight + 2}px`;
	}

	bubble(message) {
		const mine = message.author === "customer";
		const {assistant, you, agent} = this.words;
		const text = mine && this.titles.get(message.text) || message.text;
		const who = {customer: you, assistant, agent: message.agent || agent}[message.author];
		const kind = {customer: "mine", agent: "person", system: "system"}[message.author] || "theirs";
		const link = message.link && safeLink(message.link);
		const said = make("div", {class: `said ${kind}${link ? " quote" : ""}`});
		if (who) said.append(make("span", {class: mine ? "out" : "who"}, who));
		said.append(make("p", {class: "text", dir: "auto", lang: message.language}, text));
		if (link) said.append(make("a", {class: "link", href: link, target: "_blank", rel: "noopener noreferrer"}, message.link_title || link));
		if (message.choices?.length) said.append(this.buttons(message.choices));
		return said;
	}

	buttons(choices) {
		const rate = choices.every(({payload}) => payload.startsWith("/rate "));
		const row = make("div", {class: rate ? "choices rate" : "choices", role: "group"});
		for (const {payload, title} of choices) {
			this.titles.set(payload, rate ? "★".repeat(title) : title);
			const made = button("", () => {
				this.retire();
				made.ariaPressed = true;
				this.say(payload);
				this.field.focus();
			}, rate ? "★" : title);
			if (rate) made.ariaLabel = `${title} / ${choices.length}`;
			row.append(made);
		}
		return row;
	}

	/** Choices hold for the question that they came with. */
	retire() {
		for (const button of this.log.querySelectorAll(".choices button:enabled")) button.disabled = true;
	}

	pend(waiting) {
		const said = this.bubble({author: "customer", text: waiting.text});
		this.retire();
		this.shown.set(waiting.client_id, said);
		this.log.insertBefore(said, this.dots);
		if (waiting.refused) this.refuse(waiting);
		else this.mark(said, navigator.onLine ? "" : this.words.waiting);
	}

	mark(said, text, ...more) {
		said.querySelector(".mark")?.remove();
		if (text) said.append(make("span", {class: more.length ? "mark bad" : "mark"}, text, ...more));
	}

	refuse(waiting, why) {
		const said = this.shown.get(waiting.client_id);
		if (!said) return;
		const again = button("", () => { this.mark(said); this.line.again(waiting.client_id); }, this.words.again);
		this.mark(said, `${this.words.refused}${why ? `: ${why}` : ""} `, again);
		this.down();
	}

	take(message) {
		const mine = message.author === "customer";
		const before = message.client_id && this.shown.get(message.client_id);
		const low = this.isLow();
		if (message.number === 1 && !mine) this.greeting.remove();  // the business greets in its own words
		if (!before && (mine || message.choices?.length)) this.retire();
		const said = before || this.bubble(message);
		this.mark(said);
		said.classList.toggle("new", !mine && this.log.ariaLive === "polite");
		this.shown.delete(message.client_id);
		for (const each of [said, ...this.shown.values()]) this.log.insertBefore(each, this.dots);
		if (!mine) this.think(false);
		if (this.panel.open && document.visibilityState === "visible") this.read();
		else if (!mine && message.number > (this.kept.all.read || 0)) this.unread++;
		this.badge();
		if (low || mine) this.down();
		this.dispatchEvent(new CustomEvent("tradewind-message", {bubbles: true, detail: {author: message.author}}));
	}

	read() {
		this.unread = 0;
		this.kept.write({read: this.line.last});
	}

	isLow() { return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80; }
	down() { this.log.scrollTop = this.log.scrollHeight; }

	think(on) {
		clearTimeout(this.thinking);
		this.dots.hidden = !on;
		if (on) this.thinking = setTimeout(() => this.think(false), THINKING_MS);
		this.tell();
		if (on) this.down();
	}

	/** The line under the title. */
	tell(state = this.now || "online") {
		this.now = state;
		const text = this.dots.hidden || state === "offline" ? this.words[state] : this.words.typing;
		if (this.state.textContent !== text) this.state.textContent = text;
		if (state === "online") return;
		for (const said of this.shown.values()) if (!said.querySelector(".bad")) this.mark(said, this.words.waiting);
	}

	badge() {
		this.count.hidden = !this.unread;
		this.count.textContent = this.unread;
		const {open, close} = this.words;
		this.launch.ariaExpanded = this.panel.open;
		this.launch.ariaLabel = this.panel.open ? close : this.unread ? `${open} (${this.unread})` : open;
	}
}

customElements.define("tradewind-chat", TradewindChat);
})();
