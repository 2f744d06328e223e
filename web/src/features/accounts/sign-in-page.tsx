import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { CircleAlert, Eye, EyeOff, LogIn } from "lucide-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { DemoAccounts } from "@/features/accounts/demo-accounts";
import { instanceQuery } from "@/lib/api/instance-query";
import { type Credentials, signIn } from "@/features/accounts/sign-in";
import { useSignInWords } from "@/features/accounts/sign-in-words";
import { useApi } from "@/lib/api/api-context";
import type { Me } from "@/lib/api/types";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/form/field";

interface SignInPageProps {
  /** A session ended or a link asked for a page: said above the form. */
  returning: boolean;
  onSignedIn: (me: Me) => void;
}

/** The start page of whoever is not signed in. */
export function SignInPage({ returning, onSignedIn }: SignInPageProps) {
  const { t } = useLingui();
  const api = useApi();
  const instance = useQuery(instanceQuery(api));
  const attempt = useMutation({
    mutationFn: (credentials: Credentials) => signIn(api, credentials),
    onSuccess: onSignedIn,
  });
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-lg flex-col justify-center gap-6 px-4 py-10">
      <title>{t`Sign in · Motorpool`}</title>
      <header className="flex items-center gap-3">
        <img src="/icon.svg" alt="" width={44} height={44} />
        <div>
          <h1 className="text-2xl font-semibold tracking-tight">
            <Trans>Sign in to Motorpool</Trans>
          </h1>
          <p className="text-quiet">
            {returning ? <Trans>You will come back to the page you asked for.</Trans> : <Subtitle />}
          </p>
        </div>
      </header>
      <SignInForm
        error={attempt.error}
        pending={attempt.isPending}
        onSend={(credentials) => attempt.mutate(credentials)}
      />
      {instance.data?.demo && (
        <DemoAccounts
          accounts={instance.data.demo_accounts}
          pending={attempt.isPending}
          onChoose={(credentials) => attempt.mutate(credentials)}
        />
      )}
      <footer className="text-sm text-quiet">
        {instance.data && (
          <Trans>
            {instance.data.name}, version {instance.data.version}
          </Trans>
        )}
      </footer>
    </main>
  );
}

function Subtitle() {
  return <Trans>Where your vehicles are, and how they are.</Trans>;
}

interface FormProps {
  error: unknown;
  pending: boolean;
  onSend: (credentials: Credentials) => void;
}

function SignInForm({ error, pending, onSend }: FormProps) {
  const { t } = useLingui();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const [missing, setMissing] = useState(false);
  const said = useSignInWords(error);
  const alert = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (error) alert.current?.focus();
  }, [error]);

  function submit(event: FormEvent): void {
    event.preventDefault();
    const complete = Boolean(email.trim() && password);
    setMissing(!complete);
    if (complete && !pending) onSend({ email: email.trim(), password });
  }

  return (
    <form
      noValidate
      onSubmit={submit}
      className="flex flex-col gap-4 rounded-lg border border-line bg-surface p-5"
    >
      {said && (
        <p
          ref={alert}
          role="alert"
          tabIndex={-1}
          className="flex gap-2 rounded-lg bg-alarm-tint px-3 py-2 font-medium text-alarm"
        >
          <CircleAlert size={18} aria-hidden="true" className="mt-0.5 shrink-0" />
          {said}
        </p>
      )}
      <TextField
        label={t`E-mail`}
        name="email"
        type="email"
        autoComplete="username"
        inputMode="email"
        autoCapitalize="none"
        spellCheck={false}
        value={email}
        onChange={setEmail}
        error={missing && !email.trim() ? t`Enter your e-mail address.` : undefined}
      />
      <div className="relative">
        <TextField
          label={t`Password`}
          name="password"
          type={shown ? "text" : "password"}
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
          className="pr-12"
          error={missing && !password ? t`Enter your password.` : undefined}
        />
        <Button
          look="quiet"
          iconOnly
          aria-pressed={shown}
          aria-label={t`Show password`}
          className="absolute top-6 right-0"
          onClick={() => setShown(!shown)}
        >
          {shown ? <EyeOff size={18} aria-hidden="true" /> : <Eye size={18} aria-hidden="true" />}
        </Button>
      </div>
      <Button type="submit" look="primary" pending={pending}>
        <LogIn size={18} aria-hidden="true" />
        {pending ? <Trans>Signing in …</Trans> : <Trans>Sign in</Trans>}
      </Button>
    </form>
  );
}
