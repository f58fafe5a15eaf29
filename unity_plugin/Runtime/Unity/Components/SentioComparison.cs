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
    /// <remarks>In the arm off every binding and director below <see cref="Root"/> has <c>Adapt</c> off: bindings ease to
    /// their neutral value, directors pace by performance and time alone. The assignment is a marker <c>arm</c> and an
    /// adaptation <c>arm</c> (1 adaptive, 0 off). Do not show the player which arm it is.</remarks>
    [AddComponentMenu("Sentio/Sentio Comparison")]
    public sealed class SentioComparison : MonoBehaviour
    {
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
        private double _elapsed;
        private bool _assigned;

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

        /// <summary>The former name of <see cref="AssignOnStart"/>; goes with the next version.</summary>
        [Obsolete("use AssignOnStart")]
        public bool WhenReady { get { return AssignOnStart; } set { AssignOnStart = value; } }

        /// <summary>The current arm.</summary>
        public Arm Arm { get; private set; }

        /// <summary>Advances blocks by some seconds; called by <c>Update</c>.</summary>
        public void Advance(float seconds)
        {
            if (!_assigned || assignment != Assignment.Blocks) return;
            _elapsed += Elapsed.Of(seconds);
            if (_elapsed < blockSeconds) return;
            _elapsed = 0;
            Enter(Arm == Arm.Adaptive ? Arm.Off : Arm.Adaptive, "next block", "");
        }

        /// <summary>Chooses the arm, switches, and reports; returns it.</summary>
        public Arm Assign()
        {
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
        public void SwitchTo(Arm next, string by) { Enter(next, "by hand", by); }

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

        private void Update() { Advance(Time.unscaledDeltaTime); }

        private void Enter(Arm next, string how, string by)
        {
            Arm = next;
            Switch(root ? root : Top());
            SentioFeed feed = _finder.Of(source, this, 0);
            if (feed)
            {
                string name = Names[(int)next];
                feed.Mark("arm", new Dictionary<string, object> { { "arm", name }, { "how", how }, { "study", study } });
                feed.Report(new SentioAdaptation("arm", next == Arm.Adaptive ? 1 : 0, name + ", " + how).Authored(by));
            }
            if (Assigned != null) Assigned(next);
        }

        private void Switch(Transform at)
        {
            foreach (SentioBinding one in at.gameObject.GetComponents<SentioBinding>()) one.Adapt = Arm == Arm.Adaptive;
            foreach (SentioDirector one in at.gameObject.GetComponents<SentioDirector>()) one.Adapt = Arm == Arm.Adaptive;
            foreach (Transform child in at) Switch(child);
        }

        private Transform Top()
        {
            Transform at = transform;
            while (at.parent) at = at.parent;
            return at;
        }

        private string Subject()
        {
            SentioFeed feed = _finder.Of(source, this, 0);
            if (!feed) return "";
            if (feed.Subject.Length > 0) return feed.Subject;
            return feed.Latest == null ? "" : feed.Latest.Subject;
        }
    }
}
