using System;
using System.Collections.Generic;
using System.Globalization;
using Sentio.Behaviour;
using UnityEngine;
using UnityEngine.Events;

namespace Sentio
{
    /// <summary>A UnityEvent with a state of the pacing.</summary>
    [Serializable]
    public sealed class PacingEvent : UnityEvent<PacingState> { }

    /// <summary>Paces a game: build-up, peak, fade, relax, by how intense it seems to be for the player.</summary>
    /// <remarks>The game says how the player fares with <see cref="SetPerformance"/> and asks for as much as
    /// <see cref="Demand"/> says: how often something happens, not how hard it is. Without affect, or with
    /// <see cref="Adapt"/> off, performance and time alone lead through the states. Time is the game's own: it stands
    /// still in a pause menu.</remarks>
    [AddComponentMenu("Sentio/Sentio Director")]
    public sealed class SentioDirector : MonoBehaviour
    {
        private static readonly string[] StateNames = { "build-up", "peak", "fade", "relax" };

        [SerializeField, Tooltip("Whether affect has a say; without it the game's own signals pace.")]
        private bool adapt = true;

        [SerializeField, Tooltip("Where affect comes from; empty takes the feed above this, or any in the scenes.")]
        private SentioFeed source;

        [SerializeField, Tooltip("The last word on the demand.")]
        private SentioRails rails;

        [SerializeField, Tooltip("What the demand is called in rails and recordings.")]
        private string what = "demand";

        [SerializeField, Tooltip("How it leads to the target and paces.")]
        private DirectorSettings settings = new DirectorSettings();

        [SerializeField, Tooltip("Another state of the pacing began.")]
        private PacingEvent onPacing = new PacingEvent();

        [SerializeField, Tooltip("How much the game should ask of the player, 0 to 1; told in each frame.")]
        private NumberEvent onDemand = new NumberEvent();

        private readonly Pacing _pacing = new Pacing();
        private readonly Pid _pid = new Pid();
        private readonly ConfidenceGate _gate = new ConfidenceGate();
        private readonly FeedFinder<SentioFeed> _finder = new FeedFinder<SentioFeed>();
        private readonly Dictionary<string, Vector2> _performance = new Dictionary<string, Vector2>();
        private float _told = float.NaN;
        private double _distress;
        private double _since = double.PositiveInfinity;

        /// <summary>Another state of the pacing began.</summary>
        public event Action<PacingState> PacingChanged;

        /// <summary>The demand was changed by a noticeable step: what, value and why. The same is told to the feed, for
        /// the record.</summary>
        public event Action<string, float, string> Adaptation;

        /// <summary>Whether affect has a say; without it the game's own signals pace.</summary>
        public bool Adapt { get { return adapt; } set { adapt = value; } }

        /// <summary>Where affect comes from; null takes the feed above this, or any in the scenes.</summary>
        public SentioFeed Source { get { return source; } set { source = value; } }

        /// <summary>The last word on the demand; null for none.</summary>
        public SentioRails Rails { get { return rails; } set { rails = value; } }

        /// <summary>What the demand is called in rails and recordings.</summary>
        public string What { get { return what; } set { what = value; } }

        /// <summary>How it leads to the target and paces.</summary>
        public DirectorSettings Settings { get { return settings; } set { settings = value; } }

        /// <summary>The inspector's event of a new state.</summary>
        public PacingEvent OnPacing { get { return onPacing; } }

        /// <summary>The inspector's event of the demand.</summary>
        public NumberEvent OnDemand { get { return onDemand; } }

        /// <summary>How much the game should ask of the player now, 0..1.</summary>
        public float Demand { get; private set; }

        /// <summary>Intensity by affect and performance together, 0..1; NaN before anything is known.</summary>
        public float Intensity { get { return (float)_pacing.Intensity; } }

        /// <summary>Where the pacing is.</summary>
        public PacingState State { get; private set; }

        /// <summary>A demand that a person set by hand, 0..1; NaN gives the director its say again.</summary>
        public float ManualDemand { get; set; } = float.NaN;

        /// <summary>Holds state and demand still.</summary>
        public bool Frozen { get; set; }

        /// <summary>The mean of what the game told, 0..1, or NaN where it told nothing.</summary>
        public float Performance
        {
            get
            {
                float sum = 0, weight = 0;
                foreach (KeyValuePair<string, Vector2> told in _performance)
                {
                    sum += told.Value.x * told.Value.y;
                    weight += told.Value.y;
                }
                return weight > 0 ? sum / weight : float.NaN;
            }
        }

        /// <summary>Tells how hard the game is on the player by one signal: 0 idle, 1 overwhelmed, such as the share of
        /// health that was lost lately. NaN takes the signal back.</summary>
        public void SetPerformance(string signal, float value, float weight = 1f)
        {
            if (Elapsed.IsFinite(value) && Elapsed.IsFinite(weight) && weight > 0)
                _performance[signal] = new Vector2(Mathf.Clamp01(value), weight);
            else _performance.Remove(signal);
        }

        /// <summary>Goes to a state now: the manual override of the pacing.</summary>
        public void Enter(PacingState next)
        {
            _pacing.Enter(next);
            NoticeState();
        }

        /// <summary>Lets seconds go by; <c>Update</c> calls it.</summary>
        public void Advance(float seconds)
        {
            settings.Give(_pacing, _pid, _gate);
            _pacing.Frozen = Frozen || (rails && rails.Frozen);
            _since += Elapsed.Of(seconds);
            SentioFeed feed = _finder.Of(source, this, seconds);
            bool follows = adapt && feed;
            float felt = follows ? feed.Fresh(settings.TargetEntry) : float.NaN;
            if (settings.TargetEntry == AffectEntry.Arousal) felt = 0.5f + 0.5f * felt;
            float sure = follows ? feed.Fresh(AffectEntry.Confidence) : float.NaN;
            if (!(sure >= settings.Threshold)) sure = float.NaN;
            _pacing.Step(seconds, felt, sure, Performance);
            NoticeState();
            if (!_pacing.Frozen) Ask(seconds, felt, sure);
            Report(feed, felt);
            onDemand.Invoke(Demand);
        }

        private void Update() { Advance(Time.deltaTime); }

        private void Ask(float seconds, float felt, float sure)
        {
            // The gate's trust fades out what the target adds when nobody knows any more.
            _gate.Step(seconds, felt, sure);
            bool known = !float.IsNaN(sure);
            double led = _pid.Step(seconds, known ? felt : double.NaN, settings.Target) * _gate.Trust;
            double wanted = _pacing.Pressure + led;
            bool high = known && felt >= settings.DistressAt;
            _distress = high ? _distress + Elapsed.Of(seconds) : 0;
            if (high && _distress >= settings.DistressSeconds) wanted = Math.Min(wanted, Demand);
            if (Elapsed.IsFinite(ManualDemand)) wanted = ManualDemand;
            Demand = (float)Elapsed.Clamp(wanted, 0, 1);
            if (rails) Demand = rails.Limit(what, Demand, seconds);
        }

        private void NoticeState()
        {
            if (_pacing.State == State) return;
            State = _pacing.State;
            if (PacingChanged != null) PacingChanged(State);
            onPacing.Invoke(State);
        }

        private void Report(SentioFeed feed, float felt)
        {
            bool small = !float.IsNaN(_told) && Math.Abs(Demand - _told) < settings.ReportStep;
            if (small || _since < settings.ReportSeconds) return;
            _told = Demand;
            _since = 0;
            string why = StateNames[(int)State] + ", " + Knows(felt);
            if (Adaptation != null) Adaptation(what, Demand, why);
            if (feed) feed.ReportAdaptation(what, Demand, why);
        }

        private string Knows(float felt)
        {
            if (Elapsed.IsFinite(ManualDemand)) return "set by hand";
            if (!adapt) return "adaptation to affect is off";
            string name = AffectNames.Of(settings.TargetEntry);
            if (float.IsNaN(felt)) return name + " unknown";
            return string.Format(CultureInfo.InvariantCulture, "{0} {1:0.00} for {2:0.00}", name, felt, settings.Target);
        }
    }
}
