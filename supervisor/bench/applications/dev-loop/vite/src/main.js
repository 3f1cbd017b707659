import { text } from "./answer.js";

document.body.textContent = text;
