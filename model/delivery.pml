/*
 * The session and delivery rules of docs/protocol.md section 4, as a model for Spin.
 *
 * The model has four processes:
 * - The device.
 * - Host A, which follows packages/sdk/src.
 * - Host B, which is any other host.
 * - The world, which loses bytes and lets payment links expire.
 *
 * Each step below is one d_step, so a step is done completely or not at all. README.md says which parts are modelled
 * and which parts are not. check.sh checks the model.
 *
 * No process reads a ghost variable for its decisions. Ghost variables contain the truth, and the assertions compare
 * the reported facts with them.
 */

/* ---- bounds: -D can set each of them ---- */
#ifndef CALLS
#define CALLS 2                /* calls of host A */
#endif
#ifndef COPIES
#define COPIES 2               /* copies of one command that host A sends: the SDK sends three */
#endif
#ifndef HELLOS
#define HELLOS 3               /* HELLOs of host A */
#endif
#ifndef CAPACITY
#define CAPACITY 2             /* messages on the way in one direction of one connection */
#endif
#ifndef FAULTS
#define FAULTS 1               /* PAYs that fail because of an NFC fault */
#endif
#ifndef UNPLUGS
#define UNPLUGS 0
#endif
#ifndef DEVICE_RESTARTS
#define DEVICE_RESTARTS 0
#endif
#ifndef HOST_RESTARTS
#define HOST_RESTARTS 0
#endif
#ifndef MOVES
#define MOVES 0                /* how many times host A comes back through its other connection */
#endif
#ifndef LINKS
#define LINKS 0                /* 1: the device sends LINK when the payment link changes without a request */
#endif
#ifndef TAPS
#define TAPS 0                 /* taps of a phone; each sends LINK */
#endif
#ifndef STATUSES
#define STATUSES 0             /* STATUS requests of host A, each with its own sequence */
#endif
#ifndef LIES
#define LIES 0                 /* how often the device breaks a rule of the protocol */
#endif
#ifndef B_CALLS
#define B_CALLS 0              /* commands of host B; if it is 0, there is no host B */
#endif
#ifndef B_COPIES
#define B_COPIES 2
#endif
#ifndef B_HELLOS
#define B_HELLOS 1
#endif
#ifndef B_CONNECTION
#define B_CONNECTION 2               /* 0: the connection of host A; 2: its own connection */
#endif

/* ---- words ---- */
/* commands: a PAY is for order 1 or for another order */
#define PAY_1      1
#define PAY_OTHER  2
#define CANCEL     3           /* names no order */
#define CANCEL_1   4           /* names order 1 */
#define isPay(k)   ((k) <= PAY_OTHER)

/* types of replies */
#define HELLO_REPLY  0
#define PAY_REPLY    1
#define CANCEL_REPLY 2
#define LINK         3         /* not a reply */
#define STATUS_REPLY 4
#define replyType(k) (isPay(k) -> PAY_REPLY : CANCEL_REPLY)

/* reasons: 0 is SUCCESS */
#define NO_SUCH_SESSION 4
#define ORDER_MISMATCH  5
#define NFC_FAULT       6
#define SEQUENCE_REUSED 10

/* states of the payment link */
#define IDLE      0
#define READY     1
#define EXPIRED   2
#define CANCELLED 3

/* outcomes and link facts */
#define O_EXECUTED     1
#define O_NOT_EXECUTED 2       /* also not-sent and refused */
#define O_UNKNOWN      3       /* and not pending: the outcome can never become known */
#define L_NO      0
#define L_YES     1
#define L_UNKNOWN 2

/* what to do after a refusal */
#define FINAL 0                /* the refusal is about the command */
#define AGAIN 1                /* nothing was executed: open a session and send the command again */
#define DOUBT 2                /* the refusal is about one copy of several */

/* what the device does with a request that has a session */
#define D_NEW    0
#define D_REPEAT 1
#define D_REFUSE 2             /* with NO_SUCH_SESSION or SEQUENCE_REUSED */

/* A pair of session and sequence as one number. 0 means that there is no pair. A ghost bit in it marks a command of B.
 * */
#define BY_B 4
#define name(s, q)    ((s) * 8 + (q))
#define sessionOf(n)  ((n) / 8)
#define sequenceOf(n) ((n) % 4)

/* ---- the rules ----
 *
 * Each rule is one expression without variables of its own. The model uses these expressions, and the tests in model/test
 * compare each of them with the function of the SDK or of the emulated device, for all values. A rule that changes on
 * one side only fails a test.
 */

/* DeviceSessions.answer of packages/emulator: what the device does with a request. `current`: the session is open, and
 * on the connection of the request. `same`: the content is the content of the latest request. */
#define requestRule(current, sequence, latest, same) \
  (!(current) -> D_REFUSE : ((sequence) == (latest) && (same) -> D_REPEAT : \
    ((sequence) <= (latest) -> D_REFUSE : D_NEW)))

/* Device.cancel of packages/emulator: CANCEL is refused with ORDER_MISMATCH. */
#define mismatchRule(oneOrder, live, sameOrder) ((oneOrder) && (live) && !(sameOrder))

/* weighRefusal of packages/sdk/src/command/outcome-rules.ts */
#define refusalRule(reason, sent, helloUsed) \
  ((reason) != NO_SUCH_SESSION && (reason) != SEQUENCE_REUSED -> FINAL : ((sent) > 1 -> DOUBT : \
    ((reason) == NO_SUCH_SESSION && !(helloUsed) -> AGAIN : FINAL)))

/* linkLiveAfter of packages/sdk/src/command/outcome-rules.ts */
#define linkRule(pay, oneOrder, result, live, reason) \
  (!(pay) && (result) != O_EXECUTED && ((reason) == NO_SUCH_SESSION || (reason) == SEQUENCE_REUSED) -> L_UNKNOWN : \
    (!(live) -> L_NO : ((pay) -> ((result) == O_EXECUTED -> L_YES : L_NO) : \
      ((result) == O_EXECUTED || (reason) == ORDER_MISMATCH -> L_NO : ((oneOrder) -> L_UNKNOWN : L_YES)))))

/* notSent and refusedEarlier of packages/sdk/src/command/results.ts */
#define unsentLinkRule(pay) ((pay) -> L_NO : L_UNKNOWN)

/* contradictionInReply of packages/sdk/src/session/contradictory-reply.ts, for PAY and CANCEL */
#define replyContradictionRule(type, reason, live) \
  ((live) && (((type) == CANCEL_REPLY && (reason) == 0) || ((type) == PAY_REPLY && (reason) == NFC_FAULT)))

/* The part of contradictionInHello in the same file that needs no memory of earlier sessions. */
#define helloContradictionRule(opened, theLast) ((theLast) != 0 && sessionOf(theLast) == (opened))

/* contradictionOverDoubt of packages/sdk/src/command/contradictory-doubt.ts, for a reply to HELLO that opened the session
 * `opened`. `asked` is the command in doubt, `known` is L. */
#ifdef MUTANT_BELIEVE_FORGOTTEN
#define forgottenRule(theLast, blank) 0
#else
#define forgottenRule(theLast, blank) ((theLast) == 0 && !(blank))
#endif
#ifdef MUTANT_BELIEVE_BOOT
#define bootRule(stayed, live) 0
#else
#define bootRule(stayed, live) ((stayed) && (live))
#endif
#ifdef MUTANT_BELIEVE_CANCELLED
#define cancelledRule(pay, live) 0
#else
#define cancelledRule(pay, live) (!(pay) && (live))
#endif
#ifdef MUTANT_BELIEVE_LAST
#define lastRule(asked, known, opened, theLast) 0
#else
#define lastRule(asked, known, opened, theLast) ((theLast) != (known) && \
  (sessionOf(theLast) == sessionOf(asked) -> sequenceOf(theLast) < sequenceOf(asked) : \
    (sessionOf(theLast) < sessionOf(asked) || sessionOf(theLast) > (opened))))
#endif
#define doubtContradictionRule(pay, asked, known, sameBoot, stayed, opened, theLast, live, blank) \
  (forgottenRule(theLast, blank) || \
    (!(sameBoot) -> bootRule(stayed, live) : \
      ((theLast) == 0 -> (known) != 0 : \
        ((theLast) == (asked) -> cancelledRule(pay, live) : lastRule(asked, known, opened, theLast)))))

/* settleDoubt of packages/sdk/src/command/outcome-rules.ts: the outcome, and the payment link if the outcome is unknown */
#define doubtRule(contradicts, sameBoot, theLast, asked, known) \
  ((contradicts) || !(sameBoot) -> O_UNKNOWN : ((theLast) == (asked) -> O_EXECUTED : \
    ((theLast) == (known) -> O_NOT_EXECUTED : O_UNKNOWN)))
#define unknownLinkRule(contradicts, pay, live) ((live) && ((contradicts) || !(pay)) -> L_UNKNOWN : L_NO)

/* For check.sh: the facts that a whole search reported at least once. A property proves nothing if its case never
 * happens. */
#ifdef FACTS
c_decl { static unsigned char met[512]; }
#define meet(n) mMet = n; c_code { if (!met[mMet]) { met[mMet] = 1; printf("MET %d\n", mMet); } }
#else
#define meet(n) skip
#endif

/* ---- the wires: they keep the order, and they lose messages ---- */
/* To the device: call (0 is HELLO), session, sequence or nonce. The call represents the content. Call, session and
 * sequence together represent the CRC. */
chan up[2] = [CAPACITY] of { byte, byte, byte };
/* From the device: type, session, sequence or nonce, reason or boot id, state, last command. The state also contains
 * the owner of the payment link, as a ghost. */
chan down[2] = [CAPACITY] of { byte, byte, byte, byte, byte, byte };
#define shown      (state + 4 * owner)
#define ready(s)   ((s) % 4 == READY)
#define idle(s)    ((s) % 4 == IDLE)
#define ownerIn(s) ((s) / 4)

/* ---- the device ---- */
byte boot = 1;
byte sess;                     /* the number of the latest session */
byte open;                     /* the number of the open session, or 0 */
byte openDoor;
byte latest;                   /* the sequence of the latest request of that session */
byte latestContent;
byte latestReason;             /* the reason in the answer to that request */
byte last;                     /* the last command */
byte state = IDLE;
byte owner;                    /* ghost: the call whose payment link is live */
bit ofOrder1;                  /* the live payment link is of order 1 */

/* ---- host A ---- */
#define AT_REST  0
#define GREETING 1             /* a call waits for a session */
#define WRITTEN  2             /* the attempt is stored, and nothing was sent */
#define WAITING  3             /* a call waits for a reply */
#define ASKING   4             /* a call in doubt waits for a session */
/* Added to one of these: the reply came, and its result is not told yet. LINK can come in between. */
#define TELLING  8
#define LOOKING  5             /* waits for a reply to STATUS */
#define STATUS   100           /* the content of STATUS, in the place of a call */
byte step = AT_REST;
byte call;                     /* the latest call */
byte copies;
bit again;                     /* the device refused the first copy, because its session was not current */
#if LINKS > 0
byte heldReason;               /* the reply whose result is not told yet */
byte heldState;                /* the state in it, or in a LINK after it */
#endif
#ifdef MUTANT_STALE_REFUSAL
byte seenFirst;                /* the state in the refusal */
byte seen;                     /* the state in the latest answer after it */
#endif
byte connection;
byte session;                  /* 0 if there is no session */
byte sequence;
byte knownLast;                /* L */
byte knownBoot;
byte nonce;                    /* the nonce of the latest HELLO, which is also the number of HELLOs that were sent */
byte awaited;                  /* the nonce of the HELLO whose reply host A waits for, or 0 */
bit doubt;                     /* host A must ask about the attempt below */
/* The latest attempt as it was stored. A restart of the host does not delete it. */
byte aCall;
byte aName;
byte aLast;
byte aBoot;
bit stayed;                    /* the line has stayed open since the attempt was stored */

/* ---- host B ---- */
byte sessionB;
byte sequenceB;
byte hellosB;
byte callsB;
byte copiesB;                  /* the copies of its latest command, which has the session and sequence below */
byte copySessionB;
byte copySequenceB;

/* ---- the used parts of the bounds ---- */
byte faults;
byte unplugs;
byte deviceRestarts;
byte hostRestarts;
byte moves;
byte taps;
byte statuses;
byte statusCopies;             /* of the latest STATUS */

/* ---- more ghosts ---- */
#define ALL (CALLS + B_CALLS + 1)
byte kind[ALL];                /* the command of each call: the calls of B come after the calls of A */
bit done[ALL];                 /* the call was executed */
bit closed[ALL];               /* a result that is not pending was reported */
bit lied;                      /* the device has broken a rule */
byte refusedName;              /* the latest command that the device refused; only if the device breaks rules */
#ifdef MUTANT_NO_LINK
byte heard;                    /* the state in the latest message of the session */
#endif
byte target[ALL];              /* for a CANCEL: the owner of the payment link that was live at the call, which it must end */

/* A value that no step reads any more is set to zero, so that there are fewer states. While the host can still restart,
 * it may ask about its latest attempt again, so it keeps the attempt. */
#define forgets (hostRestarts >= HOST_RESTARTS)
inline forgetAttempt() { aCall = 0; aName = 0; aLast = 0; aBoot = 0; stayed = 0 }

/* temporary values: they have no meaning between two steps */
hidden byte mCall, mSession, mNumber, mType, mReason, mState, mLast, mBoot, outcome, linkFact, mMet, mRule;
hidden byte fault, lie, contradicts;

#define isFull printf("    (the wire is full: lost)\n")
#define put(wire, a, b, c) \
  if :: len(wire) < CAPACITY -> wire!a,b,c :: else -> isFull fi
#define putReply(wire, t, s, n, r, st, l) \
  if :: len(wire) < CAPACITY -> wire!t,s,n,r,st,l :: else -> isFull fi

/* ================================ the device ================================ */

inline noteLast() { last = name(mSession, mNumber) + (mCall > CALLS && mCall != STATUS -> BY_B : 0) }

#if LIES > 0
#define noteRefused() refusedName = name(mSession, mNumber)
#else
#define noteRefused() skip
#endif

/* The device executes mCall now. */
inline executed() {
  printf("    it is executed\n");
  assert(!done[mCall]);        /* the device executes no command twice */
  assert(!closed[mCall]);      /* and executes none after a final result was reported */
  done[mCall] = 1;
  noteLast()
}

inline execute() {
  if
  :: isPay(kind[mCall]) && fault ->
    printf("    the NFC part fails\n");
    faults++;
    mReason = NFC_FAULT;
    noteRefused();
    if :: state == READY -> state = IDLE; owner = 0; ofOrder1 = 0 :: else fi
  :: isPay(kind[mCall]) && !fault ->
    executed();
    mReason = 0;
    state = READY; owner = mCall; ofOrder1 = (kind[mCall] == PAY_1)
  :: !isPay(kind[mCall]) && mismatchRule(kind[mCall] == CANCEL_1, state == READY, ofOrder1) ->
    mReason = ORDER_MISMATCH;
    noteRefused()
  :: else ->
    executed();
    mReason = 0;
    if
    :: state == READY && !lie -> state = CANCELLED; owner = 0; ofOrder1 = 0
#if LIES > 0
    :: state == READY && lie -> lied = 1; printf("    a lie: the payment link stays live\n")
#endif
    :: else
    fi
  fi
#ifdef MUTANT_LAST_ON_REFUSAL
  ; noteLast()
#endif
}

/* Answers the message in mCall, mSession and mNumber, which came through the connection `from`. */
inline answer(from) {
  if
  :: mCall == 0 ->
    sess++;
    open = sess; openDoor = from; latest = 0; latestContent = 0; latestReason = 0;
    printf("device: HELLO, nonce %d, opens session %d; boot %d, last command %d/%d, state %d\n",
      mNumber, sess, boot, sessionOf(last), last % 4, state);
    mType = HELLO_REPLY; mSession = sess; mReason = boot; mLast = last
  :: else ->
    printf("device: call %d, session %d, sequence %d\n", mCall, mSession, mNumber);
#ifdef MUTANT_NO_SESSION
    mRule = requestRule(open != 0, mNumber, latest, mCall == latestContent);
#else
    mRule = requestRule(open != 0 && mSession == open && openDoor == from, mNumber, latest, mCall == latestContent);
#endif
#ifdef MUTANT_NO_SEQUENCE
    if :: open != 0 && mSession == open && openDoor == from -> mRule = D_NEW :: else fi;
#endif
    if
#if STATUSES > 0
    :: mRule == D_NEW && mCall == STATUS ->
      mReason = 0;
#ifdef MUTANT_LAST_ON_STATUS
      noteLast();
#endif
      latest = mNumber; latestContent = STATUS; latestReason = 0
    :: mRule == D_NEW && mCall != STATUS ->
#else
    :: mRule == D_NEW ->
#endif
      execute();
      latest = mNumber; latestContent = mCall; latestReason = mReason
#if LIES > 0
      ; if
      :: lie && isPay(kind[mCall]) && mReason == 0 ->
        lied = 1;
        mReason = NFC_FAULT;
        printf("    a lie: this answer has reason 6\n")
      :: else
      fi
#endif
    :: mRule == D_REPEAT ->
      mReason = latestReason
#ifdef MUTANT_NO_STORED_RESULT
      ; if :: mReason != 0 -> execute() :: else fi
#endif
    :: else -> mReason = (open != 0 && mSession == open && openDoor == from -> SEQUENCE_REUSED : NO_SUCH_SESSION)
    fi;
    printf("    answer: reason %d, state %d\n", mReason, state);
#if STATUSES > 0
    mType = (mCall == STATUS -> STATUS_REPLY : replyType(kind[mCall]));
#else
    mType = replyType(kind[mCall]);
#endif
    mLast = 0
  fi
}

inline serveA(d) {
  up[d]?mCall,mSession,mNumber;
  answer(d);
  putReply(down[d], mType, mSession, mNumber, mReason, shown, mLast)
}

inline serveB(c, s, n) {
  mCall = c; mSession = s; mNumber = n;
  answer(B_CONNECTION);
#if B_CONNECTION == 0
  /* Host A has the same connection open, so it receives this answer too. */
  putReply(down[0], mType, mSession, mNumber, mReason, shown, mLast)
#endif
}

#define payWaits(wire) (faults < FAULTS && len(wire) > 0)

active proctype device() {
end:
  do
  :: d_step { len(up[0]) > 0 -> fault = 0; lie = 0; serveA(0) }
#if LIES > 0
  :: d_step { len(up[0]) > 0 && !lied -> fault = 0; lie = 1; serveA(0); lie = 0 }
#endif
#if FAULTS > 0
  :: d_step { payWaits(up[0]) -> fault = 1; serveA(0) }
#endif
#if MOVES > 0
  :: d_step { len(up[1]) > 0 -> fault = 0; serveA(1) }
#endif
  od
}

/* ================================ the world ================================ */

inline ended() { open = 0; openDoor = 0; latest = 0; latestContent = 0; latestReason = 0 }

inline unplug(d) {
  do :: len(up[d]) > 0 -> up[d]?_,_,_ :: else -> break od;
  do :: len(down[d]) > 0 -> down[d]?_,_,_,_,_,_ :: else -> break od;
  stayed = 0;
  unplugs++
}

/* The payment link changed, and no request caused that. LINK goes to the open session. If its connection is not a
 * connection of A, A does not receive it. */
#if LINKS > 0
inline sendLink() {
  if
  :: open != 0 && openDoor < 2 -> putReply(down[openDoor], LINK, open, 0, 0, shown, 0)
  :: else
  fi
}
#else
#define sendLink() skip
#endif

active proctype world() {
end:
  do
  /* Loss. The oldest message can be lost at any time, so every message can be lost. */
  :: d_step { len(up[0]) > 0 -> up[0]?_,_,_; printf("lost: a message to the device\n") }
  :: d_step { len(down[0]) > 0 -> down[0]?_,_,_,_,_,_; printf("lost: a message to A\n") }
#if MOVES > 0
  :: d_step { len(up[1]) > 0 -> up[1]?_,_,_; printf("lost: a message to the device, other connection\n") }
  :: d_step { len(down[1]) > 0 -> down[1]?_,_,_,_,_,_; printf("lost: a message to A, other connection\n") }
#endif
  :: d_step { state == READY -> state = EXPIRED; owner = 0; ofOrder1 = 0; printf("the payment link expires\n"); sendLink() }
#if TAPS > 0
  :: d_step { state == READY && taps < TAPS -> taps++; printf("a phone reads the payment link\n"); sendLink() }
#endif
#if LIES > 0
  /* A device without a payment link that forgets its last command can tell a lie that nobody can detect. */
  :: d_step { !lied && last != 0 && state != IDLE -> lied = 1; last = 0; printf("a lie: the device forgets its last command\n") }
  :: d_step { !lied -> lied = 1; boot++; printf("a lie: the device has another boot id\n") }
  :: d_step {
      !lied && refusedName != 0 && refusedName < last && state == READY ->
      lied = 1;
      last = refusedName;
      printf("a lie: the last command is a command that the device refused\n")
    }
#endif
#if UNPLUGS > 0
  /* The messages on the way are lost. The device detects the unplug or does not. A step of A decides when A detects it.
   * */
  :: d_step { unplugs < UNPLUGS -> printf("unplugged, the device sees it\n"); unplug(0); if :: openDoor == 0 -> ended() :: else fi }
  :: d_step { unplugs < UNPLUGS -> printf("unplugged, the device does not see it\n"); unplug(0) }
#endif
#if DEVICE_RESTARTS > 0
  /* The messages on the way may still arrive, as on a UART. */
  :: d_step {
      deviceRestarts < DEVICE_RESTARTS ->
      printf("the device restarts\n");
      deviceRestarts++;
      boot++;
      ended();
      last = 0; state = IDLE; owner = 0; ofOrder1 = 0
#ifdef MUTANT_SESSION_START
      ; sess = 0
#endif
    }
#endif
  od
}

/* ================================ host B ================================ */

/*
 * Any other host. It has no wires: its bytes arrive in each of its steps, and it need not wait for a reply. This
 * includes the behaviour of wires of any length, with loss.
 */
#if B_CALLS > 0
inline callB(what) {
  callsB++; sequenceB++;
#if B_COPIES > 1
  copiesB = 1; copySessionB = sessionB; copySequenceB = sequenceB;
#endif
  kind[CALLS + callsB] = what;
  printf("B: command %d\n", what);
  serveB(CALLS + callsB, sessionB, sequenceB)
}
#define mayCallB (sessionB != 0 && callsB < B_CALLS)

active proctype B() {
end:
  do
  :: d_step { hellosB < B_HELLOS -> hellosB++; fault = 0; printf("B: HELLO\n"); serveB(0, 0, 0); sessionB = sess; sequenceB = 0 }
  :: d_step { mayCallB -> fault = 0; callB(PAY_1) }
  :: d_step { mayCallB -> fault = 0; callB(PAY_OTHER) }
  :: d_step { mayCallB -> fault = 0; callB(CANCEL) }
#if FAULTS > 0
  :: d_step { mayCallB && faults < FAULTS -> fault = 1; callB(PAY_1) }
#endif
#if B_COPIES > 1
  /* A copy: the same bytes again or late, perhaps after the next HELLO of B. */
  :: d_step {
      copiesB > 0 && copiesB < B_COPIES ->
      copiesB++;
      fault = 0;
      printf("B: a copy of command %d\n", kind[CALLS + callsB]);
      serveB(CALLS + callsB, copySessionB, copySequenceB);
      if :: copiesB == B_COPIES -> copySessionB = 0; copySequenceB = 0 :: else fi
    }
#endif
  od
}
#endif

/* ================================ host A ================================ */

/*
 * Reports the fact of a call, and compares it with the truth. `no` must be true now. A payment link can expire at any
 * time. So `yes` must be true for the time when the device sent the latest answer that A accepted, whose state is in
 * mState.
 */
inline tell(k) {
  printf("A: TOLD of call %d: outcome %d (1 executed, 2 not, 3 unknown), link %d (0 no, 1 yes, 2 unknown)\n", k, outcome, linkFact);
  meet((isPay(kind[k]) -> 100 : 0) + outcome * 10 + linkFact);
  assert(outcome != O_EXECUTED || done[k]);
  assert(outcome != O_NOT_EXECUTED || !done[k]);
  assert(linkFact != L_NO || state != READY || owner != (isPay(kind[k]) -> k : target[k]));
  assert(linkFact != L_YES || ready(mState));
#ifdef MUTANT_NO_LINK
  assert(linkFact != L_YES || ready(heard));
#endif
  assert(linkFact != L_YES || !isPay(kind[k]) || ownerIn(mState) == k);
  closed[k] = 1
}

/* The fact about the payment link of the call k, with `outcome`, a state and mReason. */
#define linkAfter(k, s) linkFact = linkRule(isPay(kind[k]), kind[k] == CANCEL_1, outcome, ready(s), mReason)

/* Decides about the stored attempt, with mBoot, mLast and mState. */
inline settleDoubt() {
  mReason = 0;
#ifdef MUTANT_NO_BOOT
  mBoot = aBoot;
#endif
  contradicts = doubtContradictionRule(isPay(kind[aCall]), aName, aLast, mBoot == aBoot, stayed, session, mLast, ready(mState), idle(mState));
  outcome = doubtRule(contradicts, mBoot == aBoot, mLast, aName, aLast);
#ifdef MUTANT_NOT_EQUAL
  if :: mBoot == aBoot && !contradicts && mLast != aName -> outcome = O_NOT_EXECUTED :: else fi;
#endif
  if
  :: outcome != O_UNKNOWN -> linkAfter(aCall, mState)
#ifdef MUTANT_CANCEL_OVER_AFTER_RESTART
  :: outcome == O_UNKNOWN && mBoot != aBoot -> linkFact = L_NO
#endif
#ifdef MUTANT_CANCEL_OVER_AFTER_OTHER
  :: outcome == O_UNKNOWN && mBoot == aBoot -> linkFact = L_NO
#endif
  :: else -> linkFact = unknownLinkRule(contradicts, isPay(kind[aCall]), ready(mState))
  fi;
  /* The outcome can be unknown permanently only if the device restarted or broke a rule, or if B has acted. */
  assert(outcome != O_UNKNOWN || mBoot != aBoot || (mLast & BY_B) != 0 || lied);
  /* The rules about contradictions suspect no device that keeps the rules, except in one case: after a restart on a line
   * that stayed open, B has shown a payment link. */
  assert(!contradicts || lied || (mBoot != aBoot && (mLast & BY_B) != 0));
  tell(aCall);
  doubt = 0;
  if :: forgets -> target[aCall] = 0; forgetAttempt() :: else fi
}

inline callStarts(what) {
  call++;
  kind[call] = what;
  printf("A: call %d begins, command %d (1 PAY of order 1, 2 PAY of another, 3 CANCEL, 4 CANCEL of order 1)\n", call, what);
  if
  :: what == CANCEL && state == READY -> target[call] = owner
  :: what == CANCEL_1 && state == READY && ofOrder1 -> target[call] = owner
  :: else
  fi;
  step = GREETING
}

inline callEnds() {
  step = AT_REST; copies = 0; again = 0;
#ifdef MUTANT_STALE_REFUSAL
  seenFirst = 0; seen = 0;
#endif
  if :: !doubt && forgets -> target[call] = 0; forgetAttempt() :: else fi
}

/* Ends a call that the device cannot have executed: it was not sent, or it was refused before. */
inline endUnsent() {
  outcome = O_NOT_EXECUTED;
  mReason = 0; mState = 0;
  linkFact = unsentLinkRule(isPay(kind[call]));
#ifdef MUTANT_STALE_REFUSAL
  if :: again -> mState = seen; linkAfter(call, seenFirst) :: else fi;
#endif
  tell(call);
  callEnds()
}

inline dropSession() { session = 0; sequence = 0; knownLast = 0; knownBoot = 0; statusCopies = 0 }

inline intoDoubt() {
  printf("A: call %d is in doubt\n", call);
  dropSession();
  doubt = 1; copies = 0;
  step = ASKING
}

/* The result of a reply, in mReason and mState. */
inline tellReply() {
  outcome = (mReason == 0 -> O_EXECUTED : O_NOT_EXECUTED);
  linkAfter(call, mState);
  tell(call);
  callEnds()
}

/* The result is told now, or in a step of its own if LINK can come in between. */
inline tellLater() {
#if LINKS > 0
  heldReason = mReason; heldState = mState;
#ifdef MUTANT_NO_LINK
  heard = mState;
#endif
  step = step + TELLING
#else
  tellReply()
#endif
}

/* Handles the reply to the command, in mReason and mState. */
inline weigh() {
  meet(200 + mReason + (copies > 1 -> 20 : 0));
  if
  :: mReason == 0 ->
    knownLast = aName;
#ifdef MUTANT_STALE_L
    knownLast = aLast;
#endif
    mRule = FINAL
#ifdef MUTANT_ONE_COPY_FOR_ALL
  :: else -> mRule = refusalRule(mReason, 1, again)
#else
  :: else -> mRule = refusalRule(mReason, copies, again)
#endif
  fi;
  if
  :: mRule == DOUBT -> intoDoubt()
  :: mRule == AGAIN ->
    dropSession();
    again = 1;
#ifdef MUTANT_STALE_REFUSAL
    seenFirst = mState; seen = mState;
#endif
    copies = 0;
    step = GREETING;
    printf("A: call %d met a session that is not current; once more\n", call)
  :: else ->
    if :: mReason == NO_SUCH_SESSION || mReason == SEQUENCE_REUSED -> dropSession() :: else fi;
    tellLater()
  fi
}

#ifdef MUTANT_OLD_NONCE
#define answersHello (mType == HELLO_REPLY && awaited != 0 && mNumber <= nonce)
#else
#define answersHello (mType == HELLO_REPLY && awaited != 0 && mNumber == awaited)
#endif

#ifdef MUTANT_ANY_REPLY
#define answersCommand (step == WAITING && mType == replyType(kind[call]))
#else
#define answersCommand (step == WAITING && mType == replyType(kind[call]) && mSession == session && mNumber == sequence)
#endif

/* A reply that cannot be true counts as no reply. A device that keeps the rules sends no such reply. */
#ifdef MUTANT_BELIEVE_REPLY
#define believed true
#else
#define believed (!replyContradictionRule(mType, mReason, ready(mState)))
#endif

#if STATUSES > 0
#define answersStatus (step == LOOKING && mType == STATUS_REPLY && mSession == session && mNumber == sequence)

/* STATUS tells nothing about a command. A refusal only ends the session. */
inline statusAnswered() {
  printf("A: knows the state\n");
  step = AT_REST;
  if :: mReason != 0 -> dropSession() :: else fi
}
#endif

/* The LINK of another session is dropped. */
#ifdef MUTANT_ANY_LINK
#define isLink (mType == LINK)
#else
#define isLink (mType == LINK && mSession == session)
#endif

inline resolve() {
  mBoot = knownBoot; mLast = knownLast;
  settleDoubt();
  if :: step == ASKING -> callEnds() :: else fi
}

inline resolveLater() {
#if LINKS > 0
  heldState = mState;
#ifdef MUTANT_NO_LINK
  heard = mState;
#endif
  step = step + TELLING
#else
  resolve()
#endif
}

active proctype A() {
  do
  /* ---- at rest ---- */
  :: d_step { step == AT_REST && call == 0 -> callStarts(PAY_1) }
  :: d_step { step == AT_REST && 0 < call && call < CALLS -> callStarts(PAY_OTHER) }
  :: d_step { step == AT_REST && call < CALLS -> callStarts(CANCEL) }
  :: d_step { step == AT_REST && call < CALLS -> callStarts(CANCEL_1) }
  /* The channel is lost and A detects it, or the program asks for a new session. */
  :: d_step { step == AT_REST && session != 0 -> dropSession(); printf("A: gives its session up\n") }

  /* ---- HELLO: for a call, for a doubt, or only to have a session; each try has a new nonce ---- */
  :: d_step {
      (step == GREETING || step == ASKING || step == AT_REST) && session == 0 && nonce < HELLOS ->
      nonce++; awaited = nonce;
      printf("A: HELLO, nonce %d\n", nonce);
      put(up[connection], 0, 0, nonce)
    }

  /* ---- any message ---- */
  :: d_step {
      len(down[connection]) > 0 && step < TELLING && step != WRITTEN ->
      down[connection]?mType,mSession,mNumber,mReason,mState,mLast;
      if
      :: answersHello ->
        assert(!helloContradictionRule(mSession, mLast));
        awaited = 0;
        session = mSession; sequence = 0; knownLast = mLast; knownBoot = mReason;
        printf("A: has session %d\n", session);
#ifdef MUTANT_STALE_REFUSAL
        if :: again -> seen = mState :: else fi;
#endif
        if
        :: doubt -> resolveLater()
        :: !doubt && step == ASKING -> callEnds()
        :: else
        fi
      :: answersCommand && believed -> weigh()
#if STATUSES > 0
      :: answersStatus -> statusAnswered()
#endif
      :: answersCommand && !believed -> assert(lied); printf("A: does not believe a reply\n")
      :: else -> printf("A: drops a message\n")
      fi
    }
#if LINKS > 0
  /* ---- the result of a reply waits to be told: LINK can still come ---- */
  :: d_step {
      step >= TELLING && len(down[connection]) > 0 ->
      down[connection]?mType,mSession,mNumber,mReason,mState,mLast;
      if
      :: isLink ->
        printf("A: hears LINK, state %d\n", mState % 4);
#ifdef MUTANT_NO_LINK
        heard = mState
#else
        heldState = mState
#endif
      :: else -> printf("A: drops a message\n")
      fi
    }
  :: d_step {
      step >= TELLING ->
      step = step - TELLING;
      mReason = heldReason; mState = heldState;
      heldReason = 0; heldState = 0;
      if
      :: step == WAITING -> tellReply()
      :: else -> resolve()
      fi
#ifdef MUTANT_NO_LINK
      ; heard = 0
#endif
    }
#endif

  /* ---- a call with a session: stores its attempt ---- */
  :: d_step {
      step == GREETING && session != 0 ->
      assert(!doubt);          /* while a command is in doubt, A sends only HELLO */
      sequence++;
      statusCopies = 0;
      if :: aCall != call -> target[aCall] = 0 :: else fi;
      aCall = call; aName = name(session, sequence); aLast = knownLast; aBoot = knownBoot; stayed = 1;
      printf("A: writes down: call %d, session %d, sequence %d, L %d/%d, boot %d\n", call, session, sequence, sessionOf(aLast), aLast % 4, aBoot);
      step = WRITTEN
    }
  :: d_step { step == WRITTEN -> copies = 1; step = WAITING; printf("A: sends call %d\n", call); put(up[connection], call, session, sequence) }
  /* The session ended while A stored the attempt. */
  :: d_step { step == WRITTEN -> dropSession(); step = GREETING }

#if STATUSES > 0
  /* ---- STATUS: for the program, after a gap of LINKs, or to check an idle device; only without a doubt ---- */
  :: d_step {
      step == AT_REST && session != 0 && statuses < STATUSES ->
      assert(!doubt);
      statuses++; sequence++; statusCopies = 1; step = LOOKING;
      printf("A: STATUS\n");
      put(up[connection], STATUS, session, sequence)
    }
  /* The same bytes again: no reply came, or the client is still idle. */
  :: d_step {
      (step == LOOKING || step == AT_REST) && session != 0 && 0 < statusCopies && statusCopies < COPIES ->
      statusCopies++; step = LOOKING;
      printf("A: STATUS again\n");
      put(up[connection], STATUS, session, sequence)
    }
  :: d_step { step == LOOKING -> dropSession(); step = AT_REST; printf("A: gives STATUS up\n") }
#endif

#ifndef MUTANT_NO_TIMEOUT
  /* ---- no reply in time; the timeout may come arbitrarily early ---- */
  :: d_step {
      step == WAITING && copies < COPIES ->
      copies++;
#ifdef MUTANT_NEW_SEQUENCE
      sequence++; aName = name(session, sequence);
#endif
      printf("A: sends call %d again\n", call);
      put(up[connection], call, session, sequence)
    }
  /* No copy is left, the channel is lost, or the caller gives up. */
  :: d_step { step == WAITING -> intoDoubt() }
#endif

  /* ---- the caller gives up, or the time limit of the call is over ---- */
  :: d_step { step == GREETING || step == WRITTEN -> awaited = 0; endUnsent() }
  :: d_step { step == ASKING -> awaited = 0; callEnds(); printf("A: TOLD of call %d: unknown, pending\n", call) }

#if MOVES > 0
  :: d_step { session == 0 && step < TELLING && step != WRITTEN && step != WAITING && step != LOOKING && moves < MOVES -> moves++; awaited = 0; stayed = 0; connection = 1 - connection; printf("A: comes back through its other connection\n") }
#endif
#if HOST_RESTARTS > 0
  /* The memory of A is lost. A asks about the stored attempt, also if its result was already reported. The messages on
   * the way are not lost. */
  :: d_step {
      hostRestarts < HOST_RESTARTS ->
      hostRestarts++;
      printf("A: restarts\n");
      doubt = (aCall != 0);
      if :: aCall != call -> target[call] = 0 :: else fi;
      dropSession(); callEnds(); awaited = 0; stayed = 0
#if LINKS > 0
      ; heldReason = 0; heldState = 0
#endif
    }
#endif

  /* ---- the end: A may not stop at any other place ---- */
  :: d_step { step == AT_REST && call == CALLS && (!doubt || nonce == HELLOS) -> awaited = 0; dropSession() } -> break
  od
}
