import { z } from "zod";
import { Refusal } from "../query.ts";
import { exists, missing, reading, writing, type Action } from "./action.ts";
import { arn, list, name } from "./parameters.ts";

const audiences = list(z.string().min(1).max(255));
const thumbprints = list(z.string().regex(/^[0-9a-fA-F]{40}$/, "a thumbprint"));
const yearMs = 365 * 86_400_000;

export const providerActions: Readonly<Record<string, Action>> = {
  CreateOpenIDConnectProvider: writing(
    {
      Url: z.string().max(255), ClientIDList: audiences.default([]),
      ThumbprintList: thumbprints.default([]),
    },
    ({ state, now }, { Url, ClientIDList, ThumbprintList }) => {
      if (!/^https:\/\/[^?#]+$/.test(Url)) {
        throw new Refusal(400, "InvalidInput", `Invalid Open ID Connect Provider URL: ${Url}`);
      }
      const url = Url.slice("https://".length);
      const at = `arn:aws:iam::${state.id}:oidc-provider/${url}`;
      if (state.oidc.has(at)) throw exists(`Provider with url ${Url} already exists.`);
      state.oidc.set(at, {
        url, clientIds: ClientIDList, thumbprints: ThumbprintList, createdAt: now,
      });
      return { OpenIDConnectProviderArn: at };
    },
  ),
  ListOpenIDConnectProviders: reading({}, ({ state }) => ({
    OpenIDConnectProviderList: [...state.oidc.keys()].map((Arn) => ({ Arn })),
  })),
  GetOpenIDConnectProvider: reading({ OpenIDConnectProviderArn: arn }, ({ state }, input) => {
    const provider = state.oidc.get(input.OpenIDConnectProviderArn);
    if (provider === undefined) throw missing("The provider cannot be found.");
    const { url: Url, clientIds, thumbprints: prints, createdAt: CreateDate } = provider;
    return { Url, ClientIDList: clientIds, ThumbprintList: prints, CreateDate, Tags: [] };
  }),
  CreateSAMLProvider: writing(
    { Name: name(128), SAMLMetadataDocument: z.string().min(1000).max(10_000_000) },
    ({ state, now }, { Name, SAMLMetadataDocument }) => {
      const at = `arn:aws:iam::${state.id}:saml-provider/${Name}`;
      if (state.saml.has(at)) throw exists(`SAML provider ${Name} already exists.`);
      state.saml.set(at, { metadata: SAMLMetadataDocument, createdAt: now });
      return { SAMLProviderArn: at };
    },
  ),
  ListSAMLProviders: reading({}, ({ state }) => ({
    SAMLProviderList: [...state.saml].map(([Arn, { createdAt: CreateDate }]) => ({
      Arn, CreateDate, ValidUntil: new Date(CreateDate.getTime() + yearMs),
    })),
  })),
};
