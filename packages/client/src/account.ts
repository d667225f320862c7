export { accountOf } from "@peerline/call-machine/wire";
