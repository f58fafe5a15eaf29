using System;
using System.Collections.Generic;
using System.Text;
using Sentio.Behaviour;
using UnityEngine;
using UnityEngine.Serialization;

namespace Sentio
{
    /// <summary>What the player gets.</summary>
    public enum Arm
    {
        /// <summary>Adaptation is on.</summary>
        Adaptive,

        /// <summary>Adaptation is off.</summary>
        Off,
    }

    /// <summary>How the arm is chosen.</summary>
    public enum Assignment
    {
        /// <summary>Always adaptive.</summary>
        Adaptive,

        /// <summary>Always off.</summary>
        Off,

        /// <summary>A new draw at each start.</summary>
        Random,

        /// <summary>By the subject's pseudonym and the study: the same arm at every start, about half each.</summary>
        BySubject,

        /// <summary>Alternates in blocks; which arm is first depends on the subject.</summary>
        Blocks,
    }

    /// <summary>Compares the game with and without adaptation: assigns an arm, switches everything, and
    /// reports.</summary>
    /// <remarks>In the arm off every binding and director below <see cref="Root"/> has <c>Adapt</c> off, within half a
    /// second also one that is added later: bindings ease to their neutral value, directors pace by performance and time
    /// alone. The assignment is a marker <c>arm</c> and an adaptation <c>arm</c> (1 adaptive, 0 off), sent as soon as the
    /// sidecar is connected and again when a recording begins, so that recordings and reports have it. Do not show the
    /// player which arm it is.</remarks>
    [AddComponentMenu("Sentio/Sentio Comparison")]
    public sealed class SentioComparison : MonoBehaviour
    {
        private const double LookEvery = 0.5;

        private static readonly string[] Names = { "adaptive", "off" };

        [SerializeField, Tooltip("How the arm is chosen.")]
        private Assignment assignment = Assignment.BySubject;

        [SerializeField, Tooltip("Name of the study; another name gives another assignment of the same subjects.")]
        private string study = "study";

        [SerializeField, Min(10f), Tooltip("Length of a block, seconds.")]
        private float blockSeconds = 120f;

        [SerializeField, Tooltip("The feed that the assignment is reported to; empty uses the nearest.")]
        private SentioFeed source;

        [SerializeField, Tooltip("Everything below this object is switched; empty for the whole scene's root of this one.")]
        private Transform root;

        [SerializeField, FormerlySerializedAs("whenReady"), Tooltip("Whether it assigns the arm at the start; else call Assign.")]
        private bool assignOnStart = true;

        private readonly FeedFinder<SentioFeed> _finder = new FeedFinder<SentioFeed>();
        private readonly List<SentioBinding> _bindings = new List<SentioBinding>();
        private readonly List<SentioDirector> _directors = new List<SentioDirector>();
        private SentioFeed _followed;
        private string _how = "", _by = "";
        private double _elapsed, _looked;
        private bool _assigned, _waits, _unsent;

        /// <summary>The arm was assigned or switched.</summary>
        public event Action<Arm> Assigned;

        /// <summary>How the arm is chosen.</summary>
        public Assignment Assignment { get { return assignment; } set { assignment = value; } }

        /// <summary>Name of the study.</summary>
        public string Study { get { return study; } set { study = value ?? ""; } }

        /// <summary>Length of a block, seconds.</summary>
        public float BlockSeconds { get { return blockSeconds; } set { blockSeconds = value; } }

        /// <summary>The feed that the assignment is reported to; null uses the nearest.</summary>
        public SentioFeed Source { get { return source; } set { source = value; } }

        /// <summary>Everything below it is switched; null for the root of this object.</summary>
        public Transform Root { get { return root; } set { root = value; } }

        /// <summary>Whether it assigns the arm at the start.</summary>
        public bool AssignOnStart { get { return assignOnStart; } set { assignOnStart = value; } }

        /// <summary>The former name of <see cref="AssignOnStart"/>; to be removed in the next version.</summary>
        [Obsolete("use AssignOnStart")]
        public bool WhenReady { get { return AssignOnStart; } set { AssignOnStart = value; } }

        /// <summary>The current arm.</summary>
        public Arm Arm { get; private set; }

        /// <summary>How the arm was assigned or why it is not yet, in one line.</summary>
        public string Status { get; private set; } = "not assigned";

        /// <summary>Advances by some seconds: assigns as soon as the subject is known, changes blocks, sends the marker;
        /// called by <c>Update</c>.</summary>
        public void Advance(float seconds)
        {
            double time = Elapsed.Of(seconds);
            Follow(time);
            if (_waits && Subject().Length > 0) Assign();
            _looked += time;
            if (_looked >= LookEvery)
            {
                _looked = 0;
                if (_unsent) Send(false);
                if (_assigned && Arm == Arm.Off) Switch();
            }
            if (!_assigned || assignment != Assignment.Blocks) return;
            _elapsed += time;
            if (_elapsed < blockSeconds) return;
            _elapsed = 0;
            Enter(Arm == Arm.Adaptive ? Arm.Off : Arm.Adaptive, "next block", "");
        }

        /// <summary>Chooses the arm, switches, and reports; returns it. Where it depends on the subject and the feed has
        /// none yet, it waits for the first state.</summary>
        public Arm Assign()
        {
            Follow(0);
            _waits = assignment >= Assignment.BySubject && Subject().Length == 0;
            if (_waits)
            {
                Status = "not assigned: no state has named the subject yet";
                return Arm;
            }
            _assigned = true;
            _elapsed = 0;
            switch (assignment)
            {
                case Assignment.Adaptive: Enter(Arm.Adaptive, "fixed", ""); break;
                case Assignment.Off: Enter(Arm.Off, "fixed", ""); break;
                case Assignment.Random: Enter(UnityEngine.Random.value < 0.5f ? Arm.Off : Arm.Adaptive, "random", ""); break;
                default: Enter(ArmOf(Subject(), study), "by subject", ""); break;
            }
            return Arm;
        }

        /// <summary>Switches by hand, for an author.</summary>
        public void SwitchTo(Arm next, string by)
        {
            _waits = false;
            Enter(next, "by hand", by);
        }

        /// <summary>The arm of a subject in a study: the parity of the 32-bit FNV-1a hash of <c>study/subject</c>, equal
        /// in all engines.</summary>
        public static Arm ArmOf(string subject, string study)
        {
            uint hashed = 2166136261;
            foreach (byte one in Encoding.UTF8.GetBytes(study + "/" + subject)) hashed = unchecked((hashed ^ one) * 16777619);
            for (int shift = 16; shift > 0; shift /= 2) hashed ^= hashed >> shift;
            return (hashed & 1) == 1 ? Arm.Off : Arm.Adaptive;
        }

        private void Start() { if (assignOnStart) Assign(); }

        private void OnDestroy() { Hang(); }

        private void Update() { Advance(Time.unscaledDeltaTime); }

        private void Enter(Arm next, string how, string by)
        {
            Arm = next;
            Status = Names[(int)next] + ", " + how;
            _how = how;
            _by = by;
            Switch();
            Follow(0);
            Send(true);
            if (Assigned != null) Assigned(next);
        }

        // A sidecar that is not connected yet, or whose recording begins later, receives it then.
        private void Send(bool shown)
        {
            _unsent = true;
            if (!_followed) return;
            _unsent = !_followed.Mark("arm", new Dictionary<string, object> { { "arm", Names[(int)Arm] }, { "how", _how }, { "study", study } });
            if (shown || !_unsent) _followed.Report(new SentioAdaptation("arm", Arm == Arm.Adaptive ? 1 : 0, Status).Authored(_by));
        }

        private void Follow(double time)
        {
            SentioFeed found = _finder.Of(source, this, time);
            if (ReferenceEquals(found, _followed)) return;
            Hang();
            _followed = found;
            if (!_followed) return;
            _followed.Event += Take;
            _followed.LinkStateChanged += TakeLink;
        }

        private void Hang()
        {
            if (!ReferenceEquals(_followed, null))
            {
                _followed.Event -= Take;
                _followed.LinkStateChanged -= TakeLink;
            }
            _followed = null;
        }

        private void Take(SentioEvent received)
        {
            if (received.Kind == "recording" && received.Name == "started") _unsent = _assigned;
        }

        // After the connection was lost it may be another sidecar.
        private void TakeLink(LinkState state, string reason)
        {
            if (state == LinkState.Off || state == LinkState.Lost) _unsent = _assigned;
        }

        private void Switch()
        {
            Transform top = root ? root : Top();
            top.gameObject.GetComponentsInChildren(true, _bindings);
            top.gameObject.GetComponentsInChildren(true, _directors);
            foreach (SentioBinding one in _bindings) one.Adapt = Arm == Arm.Adaptive;
            foreach (SentioDirector one in _directors) one.Adapt = Arm == Arm.Adaptive;
        }

        private Transform Top()
        {
            Transform at = transform;
            while (at.parent) at = at.parent;
            return at;
        }

        private string Subject()
        {
            if (!_followed) return "";
            if (_followed.Subject.Length > 0) return _followed.Subject;
            return _followed.Latest == null ? "" : _followed.Latest.Subject;
        }
    }
}
