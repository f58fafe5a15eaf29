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

    /// <summary>Paces a game through build-up, peak, fade and relax by the player's estimated intensity.</summary>
    /// <remarks>The game reports performance with <see cref="SetPerformance"/> and scales the rate of events with
    /// <see cref="Demand"/>: how often something happens, not how hard it is. Without affect, or with
    /// <see cref="Adapt"/> off, performance and time alone drive the states. Uses game time, which stops in a pause
    /// menu.</remarks>
    [AddComponentMenu("Sentio/Sentio Director")]
    public sealed class SentioDirector : MonoBehaviour
    {
        private static readonly string[] StateNames = { "build-up", "peak", "fade", "relax" };

        [SerializeField, Tooltip("Whether affect is used; if not, the game's own signals pace.")]
        private bool adapt = true;

        [SerializeField, Tooltip("The affect source; empty uses a parent's feed, or any in the scenes.")]
        private SentioFeed source;

        [SerializeField, Tooltip("Safety limits of the demand.")]
        private SentioRails rails;

        [SerializeField, Tooltip("Name of the demand in rails and recordings.")]
        private string what = "demand";

        [SerializeField, Tooltip("Settings of target and pacing.")]
        private DirectorSettings settings = new DirectorSettings();

        [SerializeField, Tooltip("The state of the pacing changed.")]
        private PacingEvent onPacing = new PacingEvent();

        [SerializeField, Tooltip("Target pressure on the player, 0 to 1; raised in each frame.")]
        private NumberEvent onDemand = new NumberEvent();

        private readonly Pacing _pacing = new Pacing();
        private readonly Pid _pid = new Pid();
        private readonly ConfidenceGate _gate = new ConfidenceGate();
        private readonly FeedFinder<SentioFeed> _finder = new FeedFinder<SentioFeed>();
        private readonly Dictionary<string, Vector2> _performance = new Dictionary<string, Vector2>();
        private float _reported = float.NaN;
        private double _distress;
        private double _since = double.PositiveInfinity;

        /// <summary>The state of the pacing changed.</summary>
        public event Action<PacingState> PacingChanged;

        /// <summary>The demand changed by a noticeable step: what, value and why. Also reported to the feed, for the
        /// recording.</summary>
        public event Action<string, float, string> Adaptation;

        /// <summary>Whether affect is used; if not, the game's own signals pace.</summary>
        public bool Adapt { get { return adapt; } set { adapt = value; } }

        /// <summary>The affect source; null uses a parent's feed, or any in the scenes.</summary>
        public SentioFeed Source { get { return source; } set { source = value; } }

        /// <summary>Safety limits of the demand; null for none.</summary>
        public SentioRails Rails { get { return rails; } set { rails = value; } }

        /// <summary>Name of the demand in rails and recordings.</summary>
        public string What { get { return what; } set { what = value; } }

        /// <summary>Settings of target and pacing.</summary>
        public DirectorSettings Settings { get { return settings; } set { settings = value; } }

        /// <summary>The inspector's event of a new state.</summary>
        public PacingEvent OnPacing { get { return onPacing; } }

        /// <summary>The inspector's event of the demand.</summary>
        public NumberEvent OnDemand { get { return onDemand; } }

        /// <summary>Target pressure on the player, 0..1.</summary>
        public float Demand { get; private set; }

        /// <summary>Intensity from affect and performance, 0..1; NaN before anything is known.</summary>
        public float Intensity { get { return (float)_pacing.Intensity; } }

        /// <summary>State of the pacing.</summary>
        public PacingState State { get; private set; }

        /// <summary>A manual demand, 0..1; NaN for the director's own.</summary>
        public float ManualDemand { get; set; } = float.NaN;

        /// <summary>Freezes state and demand.</summary>
        public bool Frozen { get; set; }

        /// <summary>Weighted mean of the performance signals, 0..1, or NaN if there are none.</summary>
        public float Performance
        {
            get
            {
                float sum = 0, weight = 0;
                foreach (KeyValuePair<string, Vector2> signal in _performance)
                {
                    sum += signal.Value.x * signal.Value.y;
                    weight += signal.Value.y;
                }
                return weight > 0 ? sum / weight : float.NaN;
            }
        }

        /// <summary>Sets one performance signal: 0 idle, 1 overwhelmed, such as the share of health lost recently. NaN
        /// removes the signal.</summary>
        public void SetPerformance(string signal, float value, float weight = 1f)
        {
            if (Elapsed.IsFinite(value) && Elapsed.IsFinite(weight) && weight > 0)
                _performance[signal] = new Vector2(Mathf.Clamp01(value), weight);
            else _performance.Remove(signal);
        }

        /// <summary>Enters a state now: the manual override of the pacing.</summary>
        public void Enter(PacingState next)
        {
            _pacing.Enter(next);
            UpdateState();
        }

        /// <summary>Whether affect is used or why not, in one line.</summary>
        public string Status
        {
            get
            {
                if (!adapt) return "adaptation to affect is off";
                string waits = FeedFinder<SentioFeed>.WaitsFor(_finder.Of(source, this, 0), settings.TargetEntry, settings.Threshold);
                return waits.Length > 0 ? waits : "following " + AffectNames.Of(settings.TargetEntry);
            }
        }

        /// <summary>Advances by some seconds; called by <c>Update</c>.</summary>
        public void Advance(float seconds) { Advance(seconds, seconds); }

        // The pacing takes the game's seconds; rails act in real ones, also while the game stands still.
        private void Advance(float seconds, float real)
        {
            settings.Give(_pacing, _pid, _gate);
            _pacing.Frozen = Frozen || (rails && rails.Frozen);
            _since += Elapsed.Of(seconds);
            SentioFeed feed = _finder.Of(source, this, seconds);
            bool follows = adapt && feed;
            float felt = follows ? feed.Followed(settings.TargetEntry) : float.NaN;
            if (settings.TargetEntry == AffectEntry.Arousal) felt = 0.5f + 0.5f * felt;
            float absolute = follows ? Absolute(feed, felt) : felt;
            float sure = follows ? feed.Trust(settings.TargetEntry) : float.NaN;
            if (float.IsNaN(felt) || !(sure >= settings.Threshold)) sure = float.NaN;
            _pacing.Step(seconds, felt, EntryTrust.Weight(sure), Performance);
            UpdateState();
            if (!_pacing.Frozen) Ask(seconds, real, felt, sure, absolute);
            else if (rails && rails.Ended.Length > 0) Demand = rails.Limit(what, Demand, real);
            Report(feed, felt, sure);
            onDemand.Invoke(Demand);
        }

        private void Update() { Advance(Time.deltaTime, Time.unscaledDeltaTime); }

        private void Ask(float seconds, float real, float felt, float sure, float absolute)
        {
            // The gate's weight fades out the correction when confidence is lost.
            _gate.Step(seconds, felt, sure);
            bool known = !float.IsNaN(sure);
            double led = _pid.Step(seconds, known ? felt : double.NaN, settings.Target) * _gate.Trust;
            double wanted = _pacing.Pressure + led;
            bool high = known && absolute >= settings.DistressAt;
            _distress = high ? _distress + Elapsed.Of(seconds) : 0;
            if (high && _distress >= settings.DistressSeconds) wanted = Math.Min(wanted, Demand);
            if (Elapsed.IsFinite(ManualDemand)) wanted = ManualDemand;
            Demand = (float)Elapsed.Clamp(wanted, 0, 1);
            if (rails) Demand = rails.Limit(what, Demand, real);
        }

        // The entry that a level ranks, 0..1; the level itself where that is not known.
        private float Absolute(SentioFeed feed, float felt)
        {
            AffectEntry based = AffectFrame.BaseOf(settings.TargetEntry);
            float value = based == settings.TargetEntry ? float.NaN : feed.Fresh(based);
            if (float.IsNaN(value)) return felt;
            return based == AffectEntry.Arousal ? 0.5f + 0.5f * value : value;
        }

        private void UpdateState()
        {
            if (_pacing.State == State) return;
            State = _pacing.State;
            if (PacingChanged != null) PacingChanged(State);
            onPacing.Invoke(State);
        }

        private void Report(SentioFeed feed, float felt, float sure)
        {
            bool small = !float.IsNaN(_reported) && Math.Abs(Demand - _reported) < settings.ReportStep;
            if (small || _since < settings.ReportSeconds) return;
            _reported = Demand;
            _since = 0;
            string why = StateNames[(int)State] + ", " + ReasonFor(felt, sure);
            if (Adaptation != null) Adaptation(what, Demand, why);
            if (feed) feed.ReportAdaptation(what, Demand, why);
        }

        // Names affect only where it was used.
        private string ReasonFor(float felt, float sure)
        {
            if (rails && rails.Ended.Length > 0) return rails.Ended;
            if (Elapsed.IsFinite(ManualDemand)) return "set by hand";
            if (float.IsNaN(sure)) return Status;
            string name = AffectNames.Of(settings.TargetEntry);
            return string.Format(CultureInfo.InvariantCulture, "{0} {1:0.00} for {2:0.00}", name, felt, settings.Target);
        }
    }
}
