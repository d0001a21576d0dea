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

/* A pair of session and sequence as one number. 0 means that there is no pair. A ghost bit in it marks a command of B.
 * */
#define BY_B 4
#define name(s, q)   ((s) * 8 + (q))
#define sessionOf(n) ((n) / 8)

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
byte step = AT_REST;
byte call;                     /* the latest call */
byte copies;
bit again;                     /* the device refused the first copy, because its session was not current */
byte seen;                     /* the state in the latest answer of the device; used only if `again` is set */
#ifdef MUTANT_STALE_REFUSAL
byte seenFirst;
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

/* ---- more ghosts ---- */
#define ALL (CALLS + B_CALLS + 1)
byte kind[ALL];                /* the command of each call: the calls of B come after the calls of A */
bit done[ALL];                 /* the call was executed */
bit closed[ALL];               /* a result that is not pending was reported */
byte target[ALL];              /* for a CANCEL: the owner of the payment link that was live at the call, which it must end */

/* A value that no step reads any more is set to zero, so that there are fewer states. While the host can still restart,
 * it may ask about its latest attempt again, so it keeps the attempt. */
#define forgets (hostRestarts >= HOST_RESTARTS)
inline forgetAttempt() { aCall = 0; aName = 0; aLast = 0; aBoot = 0 }

/* temporary values: they have no meaning between two steps */
hidden byte mCall, mSession, mNumber, mType, mReason, mState, mLast, mBoot, outcome, linkFact, mMet;
hidden byte fault, final;

#define isFull printf("    (the wire is full: lost)\n")
#define put(wire, a, b, c) \
  if :: len(wire) < CAPACITY -> wire!a,b,c :: else -> isFull fi
#define putReply(wire, t, s, n, r, st, l) \
  if :: len(wire) < CAPACITY -> wire!t,s,n,r,st,l :: else -> isFull fi

/* ================================ the device ================================ */

inline noteLast() { last = name(mSession, mNumber) + (mCall > CALLS -> BY_B : 0) }

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
    if :: state == READY -> state = IDLE; owner = 0; ofOrder1 = 0 :: else fi
  :: isPay(kind[mCall]) && !fault ->
    executed();
    mReason = 0;
    state = READY; owner = mCall; ofOrder1 = (kind[mCall] == PAY_1)
  :: kind[mCall] == CANCEL_1 && state == READY && !ofOrder1 ->
    mReason = ORDER_MISMATCH
  :: else ->
    executed();
    mReason = 0;
    if :: state == READY -> state = CANCELLED; owner = 0; ofOrder1 = 0 :: else fi
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
    if
#ifdef MUTANT_NO_SESSION
    :: open == 0 -> mReason = NO_SUCH_SESSION
#else
    :: open == 0 || mSession != open || openDoor != from -> mReason = NO_SUCH_SESSION
#endif
    :: else ->
      if
#ifdef MUTANT_NO_SEQUENCE
      :: false
#else
      :: mNumber == latest && mCall == latestContent ->
        mReason = latestReason
#ifdef MUTANT_NO_STORED_RESULT
        ; if :: mReason != 0 -> execute() :: else fi
#endif
      :: mNumber <= latest && !(mNumber == latest && mCall == latestContent) -> mReason = SEQUENCE_REUSED
#endif
      :: else ->
        execute();
        latest = mNumber; latestContent = mCall; latestReason = mReason
      fi
    fi;
    printf("    answer: reason %d, state %d\n", mReason, state);
    mType = replyType(kind[mCall]); mLast = 0
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
  :: d_step { len(up[0]) > 0 -> fault = 0; serveA(0) }
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
  unplugs++
}

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
  :: d_step { state == READY -> state = EXPIRED; owner = 0; ofOrder1 = 0; printf("the payment link expires\n") }
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
  assert(linkFact != L_YES || !isPay(kind[k]) || ownerIn(mState) == k);
  closed[k] = 1
}

/* linkLiveAfter of packages/sdk/src/command/outcome-rules.ts, for the call k with `outcome`, a state and mReason. */
inline linkAfter(k, s) {
  if
  :: !ready(s) -> linkFact = L_NO
  :: ready(s) && isPay(kind[k]) -> linkFact = (outcome == O_EXECUTED -> L_YES : L_NO)
  :: else ->
    if
    :: outcome == O_EXECUTED || mReason == ORDER_MISMATCH -> linkFact = L_NO
    :: else -> linkFact = (kind[k] == CANCEL_1 -> L_UNKNOWN : L_YES)
    fi
  fi
}

/* settleDoubt of packages/sdk/src/command/outcome-rules.ts, for the stored attempt, with mBoot, mLast and mState. */
inline settleDoubt() {
  mReason = 0;
  if
#ifndef MUTANT_NO_BOOT
  :: mBoot != aBoot ->
    outcome = O_UNKNOWN;
#ifdef MUTANT_CANCEL_OVER_AFTER_RESTART
    linkFact = L_NO
#else
    linkFact = (!isPay(kind[aCall]) && ready(mState) -> L_UNKNOWN : L_NO)
#endif
  :: mBoot == aBoot && mLast == aName ->
#else
  :: mLast == aName ->
#endif
    outcome = O_EXECUTED;
    linkAfter(aCall, mState)
  :: else ->
    if
#ifdef MUTANT_NOT_EQUAL
    :: true ->
#else
    :: mLast == aLast ->
#endif
      outcome = O_NOT_EXECUTED;
      linkAfter(aCall, mState)
#ifndef MUTANT_NOT_EQUAL
    :: else ->
      outcome = O_UNKNOWN;
#ifdef MUTANT_CANCEL_OVER_AFTER_OTHER
      linkFact = L_NO
#else
      linkFact = (!isPay(kind[aCall]) && ready(mState) -> L_UNKNOWN : L_NO)
#endif
#endif
    fi
  fi;
  /* The outcome can be unknown permanently only if the device restarted or B has acted. */
  assert(outcome != O_UNKNOWN || mBoot != aBoot || (mLast & BY_B) != 0);
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
  step = AT_REST; copies = 0; again = 0; seen = 0;
  if :: !doubt && forgets -> target[call] = 0; forgetAttempt() :: else fi
}

/* Ends a call that the device cannot have executed: it was not sent, or it was refused before. */
inline endUnsent() {
  outcome = O_NOT_EXECUTED;
  mReason = 0; mState = seen;
  if
#ifdef MUTANT_STALE_REFUSAL
  :: again -> linkAfter(call, seenFirst)
#else
  :: again -> linkAfter(call, seen)
#endif
  :: else -> linkFact = (isPay(kind[call]) -> L_NO : L_UNKNOWN)
  fi;
  tell(call);
  callEnds()
}

inline dropSession() { session = 0; sequence = 0; knownLast = 0; knownBoot = 0 }

inline intoDoubt() {
  printf("A: call %d is in doubt\n", call);
  dropSession();
  doubt = 1; copies = 0;
  step = ASKING
}

/* Handles the reply to the command, in mReason and mState. */
inline weigh() {
  final = 1;
  meet(200 + mReason + (copies > 1 -> 20 : 0));
  if
  :: mReason == 0 ->
    knownLast = aName;
#ifdef MUTANT_STALE_L
    knownLast = aLast;
#endif
    outcome = O_EXECUTED
  :: mReason == NO_SUCH_SESSION || mReason == SEQUENCE_REUSED ->
    outcome = O_NOT_EXECUTED;
#ifdef MUTANT_ONE_COPY_FOR_ALL
    if :: false
#else
    if :: copies > 1 -> final = 0; intoDoubt()
#endif
    :: else ->
      dropSession();
      if
      :: mReason == NO_SUCH_SESSION && !again ->
        final = 0;
        again = 1;
        seen = mState;
#ifdef MUTANT_STALE_REFUSAL
        seenFirst = mState;
#endif
        copies = 0;
        step = GREETING;
        printf("A: call %d met a session that is not current; once more\n", call)
      :: else
      fi
    fi
  :: else -> outcome = O_NOT_EXECUTED
  fi;
  if :: final -> linkAfter(call, mState); tell(call); callEnds() :: else fi
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
      len(down[connection]) > 0 && step != WRITTEN ->
      down[connection]?mType,mSession,mNumber,mReason,mState,mLast;
      if
      :: answersHello ->
        awaited = 0;
        session = mSession; sequence = 0; knownLast = mLast; knownBoot = mReason;
        printf("A: has session %d\n", session);
        mBoot = mReason;
        if :: doubt -> settleDoubt() :: else fi;
        if :: again -> seen = mState :: else fi;
        if :: step == ASKING -> callEnds() :: else fi
      :: answersCommand -> weigh()
      :: else -> printf("A: drops a message\n")
      fi
    }

  /* ---- a call with a session: stores its attempt ---- */
  :: d_step {
      step == GREETING && session != 0 ->
      assert(!doubt);          /* while a command is in doubt, A sends only HELLO */
      sequence++;
      if :: aCall != call -> target[aCall] = 0 :: else fi;
      aCall = call; aName = name(session, sequence); aLast = knownLast; aBoot = knownBoot;
      printf("A: writes down: call %d, session %d, sequence %d, L %d/%d, boot %d\n", call, session, sequence, sessionOf(aLast), aLast % 4, aBoot);
      step = WRITTEN
    }
  :: d_step { step == WRITTEN -> copies = 1; step = WAITING; printf("A: sends call %d\n", call); put(up[connection], call, session, sequence) }
  /* The session ended while A stored the attempt. */
  :: d_step { step == WRITTEN -> dropSession(); step = GREETING }

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
  :: d_step { session == 0 && step != WRITTEN && step != WAITING && moves < MOVES -> moves++; awaited = 0; connection = 1 - connection; printf("A: comes back through its other connection\n") }
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
      dropSession(); callEnds(); awaited = 0
    }
#endif

  /* ---- the end: A may not stop at any other place ---- */
  :: d_step { step == AT_REST && call == CALLS && (!doubt || nonce == HELLOS) -> awaited = 0; dropSession() } -> break
  od
}
