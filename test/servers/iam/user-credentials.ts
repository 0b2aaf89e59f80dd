import { z } from "zod";
import { exists, missing, reading, writing, type Action } from "./action.ts";
import { name, paged, paging } from "./parameters.ts";
import { limitExceeded, quotas } from "./sizes.ts";
import { newId, type AccountState, type KeyState } from "./state.ts";
import { userNamed } from "./users.ts";

const who = { UserName: name(64) };
const AccessKeyId = z.string().regex(/^\w{16,128}$/, "an access key id");
const status = ({ isActive }: KeyState): string => isActive ? "Active" : "Inactive";

function keyOf(state: AccountState, userName: string, id: string): KeyState {
  const key = userNamed(state, userName).keys.find((one) => one.id === id);
  if (key === undefined) throw missing(`The Access Key with id ${id} cannot be found.`);
  return key;
}

const keyActions: Readonly<Record<string, Action>> = {
  CreateAccessKey: writing(who, ({ state, now }, { UserName }) => {
    const user = userNamed(state, UserName);
    if (user.keys.length >= quotas.accessKeys) {
      throw limitExceeded(`Cannot exceed quota for AccessKeysPerUser: ${quotas.accessKeys}`);
    }
    const key: KeyState = {
      id: newId(state, "AKIA"), createdAt: now, isActive: true, lastUsed: null,
    };
    user.keys.push(key);
    return {
      AccessKey: {
        UserName, AccessKeyId: key.id, Status: status(key), CreateDate: now,
        SecretAccessKey: "secret".repeat(7),
      },
    };
  }),
  ListAccessKeys: reading({ ...who, ...paging }, (place, input) => {
    const { page, rest } = paged(place, userNamed(place.state, input.UserName).keys, input);
    const AccessKeyMetadata = page.map((key) => ({
      UserName: input.UserName, AccessKeyId: key.id, Status: status(key), CreateDate: key.createdAt,
    }));
    return { AccessKeyMetadata, ...rest };
  }),
  UpdateAccessKey: writing(
    { ...who, AccessKeyId, Status: z.enum(["Active", "Inactive"]) },
    ({ state }, input) => {
      keyOf(state, input.UserName, input.AccessKeyId).isActive = input.Status === "Active";
      return null;
    },
  ),
  DeleteAccessKey: writing({ ...who, AccessKeyId }, ({ state }, input) => {
    const { keys } = userNamed(state, input.UserName);
    keys.splice(keys.indexOf(keyOf(state, input.UserName, input.AccessKeyId)), 1);
    return null;
  }),
  GetAccessKeyLastUsed: reading({ AccessKeyId }, ({ state }, input) => {
    for (const { name: UserName, keys } of state.users.values()) {
      const key = keys.find(({ id }) => id === input.AccessKeyId);
      if (key === undefined) continue;
      const { at, service = "N/A", region = "N/A" } = key.lastUsed ?? {};
      return {
        UserName, AccessKeyLastUsed: { LastUsedDate: at, ServiceName: service, Region: region },
      };
    }
    throw missing(`The Access Key with id ${input.AccessKeyId} cannot be found.`);
  }),
};

const noPassword = (userName: string) =>
  missing(`Login Profile for User ${userName} cannot be found.`);

export const credentialActions: Readonly<Record<string, Action>> = {
  ...keyActions,
  CreateLoginProfile: writing(
    { ...who, Password: z.string().min(8).max(128) },
    ({ state, now }, { UserName }) => {
      const user = userNamed(state, UserName);
      if (user.password !== null) {
        throw exists(`Login Profile for user ${UserName} already exists.`);
      }
      user.password = { createdAt: now, lastUsedAt: null };
      return { LoginProfile: { UserName, CreateDate: now, PasswordResetRequired: false } };
    },
  ),
  GetLoginProfile: reading(who, ({ state }, { UserName }) => {
    const { password } = userNamed(state, UserName);
    if (password === null) throw noPassword(UserName);
    return { LoginProfile: { UserName, CreateDate: password.createdAt } };
  }),
  DeleteLoginProfile: writing(who, ({ state }, { UserName }) => {
    const user = userNamed(state, UserName);
    if (user.password === null) throw noPassword(UserName);
    user.password = null;
    return null;
  }),
  CreateVirtualMFADevice: writing({ VirtualMFADeviceName: name(226) }, ({ state }, input) => ({
    VirtualMFADevice: {
      SerialNumber: `arn:aws:iam::${state.id}:mfa/${input.VirtualMFADeviceName}`,
    },
  })),
  EnableMFADevice: writing(
    {
      ...who, SerialNumber: z.string().min(9).max(256),
      AuthenticationCode1: z.string().regex(/^\d{6}$/),
      AuthenticationCode2: z.string().regex(/^\d{6}$/),
    },
    ({ state }, { UserName, SerialNumber }) => {
      userNamed(state, UserName).mfaSerials.push(SerialNumber);
      return null;
    },
  ),
  ListMFADevices: reading({ ...who, ...paging }, (place, input) => {
    const user = userNamed(place.state, input.UserName);
    const { page, rest } = paged(place, user.mfaSerials, input);
    const MFADevices = page.map((SerialNumber) => ({
      UserName: user.name, SerialNumber, EnableDate: user.createdAt,
    }));
    return { MFADevices, ...rest };
  }),
};
