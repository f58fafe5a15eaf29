using System;
using System.Collections.Generic;
using UnityEngine;
using UnityEngine.Events;

namespace Sentio
{
    /// <summary>A UnityEvent with a link state and its reason.</summary>
    [Serializable]
    public sealed class LinkStateEvent : UnityEvent<LinkState, string> { }

    /// <summary>A UnityEvent with a number.</summary>
    [Serializable]
    public sealed class NumberEvent : UnityEvent<float> { }

    /// <summary>A UnityEvent with a person's state.</summary>
    [Serializable]
    public sealed class FrameEvent : UnityEvent<AffectFrame> { }

    /// <summary>Where affect comes from: a running sidecar, a recorded file or a simulator.</summary>
    /// <remarks>Bindings, directors and screens are given a feed and cannot tell which kind it is:
    /// <see cref="SentioClient"/>, <see cref="SentioPlayer"/> and <see cref="SentioSimulator"/> are feeds.</remarks>
    public abstract class SentioFeed : MonoBehaviour
    {
        [SerializeField, Tooltip("Whose state is followed; empty follows the first person that is heard of.")]
        private string subject = "";

        [SerializeField, Tooltip("The link changed; the text is one line for a person.")]
        private LinkStateEvent onLinkState = new LinkStateEvent();

        [SerializeField, Tooltip("A new state of the person.")]
        private FrameEvent onFrame = new FrameEvent();

        /// <summary>A state older than these seconds is not acted on (docs/behaviour.md).</summary>
        public const double LongestAge = 1.0;

        /// <summary>A new state of a person; filled anew with each, so copy what you keep.</summary>
        public event Action<AffectFrame> Frame;

        /// <summary>Something happened. None is left out.</summary>
        public event Action<SentioEvent> Event;

        /// <summary>What a person may want to read (PROTOCOL.md, section 5).</summary>
        public event Action<Dictionary<string, object>> Detail;

        /// <summary>The link changed; the text is one line for a person.</summary>
        public event Action<LinkState, string> LinkStateChanged;

        /// <summary>What is agreed to changed: sensor to granted purposes.</summary>
        public event Action<Dictionary<string, object>> ConsentChanged;

        /// <summary>Whose state is followed.</summary>
        public string Subject { get { return subject; } set { subject = value ?? ""; } }

        /// <summary>The newest state, or null before the first.</summary>
        public AffectFrame Latest { get; private set; }

        /// <summary>The newest detail, or null before the first.</summary>
        public Dictionary<string, object> LatestDetail { get; private set; }

        /// <summary>The link as it was told last.</summary>
        public LinkState Link { get; private set; }

        /// <summary>Why the link is so, in one line.</summary>
        public string LinkReason { get; private set; } = "";

        /// <summary>The inspector's event of a new state.</summary>
        public FrameEvent OnFrame { get { return onFrame; } }

        /// <summary>The inspector's event of a changed link.</summary>
        public LinkStateEvent OnLinkState { get { return onLinkState; } }

        /// <summary>The age of the newest state in seconds, infinite before the first.</summary>
        public virtual double Age { get { return double.PositiveInfinity; } }

        /// <summary>Tells what the game did or saw, as an event of kind marker; false where nobody can take it.</summary>
        public virtual bool Mark(string name, Dictionary<string, object> data) { return false; }

        /// <summary>Tells which adaptation was made, for the record; false where nobody can take it.</summary>
        public virtual bool ReportAdaptation(string what, double value, string why) { return false; }

        /// <summary>An entry of a state not older than <see cref="LongestAge"/>; NaN where it is not known.</summary>
        public float Fresh(AffectEntry entry)
        {
            return Latest != null && Age <= LongestAge ? Latest.Value(entry) : float.NaN;
        }

        /// <summary>Hands on a state.</summary>
        protected void Show(AffectFrame frame)
        {
            Latest = frame;
            if (Frame != null) Frame(frame);
            onFrame.Invoke(frame);
        }

        /// <summary>Hands on an event.</summary>
        protected void Show(SentioEvent told)
        {
            if (Event != null) Event(told);
        }

        /// <summary>Hands on a detail.</summary>
        protected void ShowDetail(Dictionary<string, object> detail)
        {
            LatestDetail = detail;
            if (Detail != null) Detail(detail);
        }

        /// <summary>Forgets whom it told of; another person or file follows.</summary>
        protected void Forget()
        {
            Latest = null;
            LatestDetail = null;
        }

        /// <summary>Hands on what is agreed to.</summary>
        protected void ShowConsent(Dictionary<string, object> granted)
        {
            if (ConsentChanged != null) ConsentChanged(granted);
        }

        /// <summary>Tells how the link stands, where that is news.</summary>
        protected void Tell(LinkState state, string reason)
        {
            if (state == Link && reason == LinkReason) return;
            Link = state;
            LinkReason = reason;
            if (LinkStateChanged != null) LinkStateChanged(state, reason);
            onLinkState.Invoke(state, reason);
        }
    }
}
